import { createRoute } from '@hono/zod-openapi';
import { gcRequest, gcResult, retentionPolicy } from '#shared/contract/gc.ts';
import { collectGarbage, getRetention, setRetention, type GcContext } from '../../services/gc/index.ts';
import { answers, apiRouter, body } from './api.ts';

const tags = ['maintenance'];
const collect = createRoute({
  method: 'post',
  path: '/maintenance/gc',
  tags,
  description: 'Lets go of history beyond what retention keeps, and removes files that nothing kept reaches.',
  request: { body: body(gcRequest) },
  responses: answers(gcResult, 'What is removed, by table, and what is kept for what'),
});
const get = createRoute({
  method: 'get',
  path: '/maintenance/retention',
  tags,
  responses: answers(retentionPolicy, 'What is kept of history'),
});
const put = createRoute({
  method: 'put',
  path: '/maintenance/retention',
  tags,
  description: 'What is kept of history from the next garbage collection on.',
  request: { body: body(retentionPolicy) },
  responses: answers(retentionPolicy, 'The policy as it is now'),
});

export function gcRoutes(ctx: GcContext) {
  return apiRouter()
    .openapi(collect, async (c) =>
      c.json(await collectGarbage(ctx, c.req.valid('json'), c.req.raw.signal), 200),
    )
    .openapi(get, async (c) => c.json(await getRetention(ctx), 200))
    .openapi(put, async (c) => c.json(await setRetention(ctx, c.req.valid('json')), 200));
}
