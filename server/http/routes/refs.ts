import { createRoute, z } from '@hono/zod-openapi';
import { createRefRequest, logPage, logQuery, refInfo, refList } from '#shared/contract/refs.ts';
import type { ServiceContext } from '../../services/context.ts';
import { createRef, deleteRef, listRefs, readLog } from '../../services/refs/index.ts';
import { describeChange, parseTableId } from '../../services/tables/index.ts';
import { answers, apiRouter, body } from './api.ts';

const tags = ['refs'];
const byName = z.object({ ref: z.string().describe('branch, tag, or ref expression, percent-encoded') });

const list = createRoute({
  method: 'get',
  path: '/refs',
  tags,
  responses: answers(refList, 'Branches and tags'),
});
const create = createRoute({
  method: 'post',
  path: '/refs',
  tags,
  request: { body: body(createRefRequest) },
  responses: answers(refInfo, 'The ref that was created'),
});
const remove = createRoute({
  method: 'delete',
  path: '/refs/{ref}',
  tags,
  request: { params: byName },
  responses: answers(z.object({ deleted: z.string() }), 'The ref is gone; its commits stay'),
});
const log = createRoute({
  method: 'get',
  path: '/refs/{ref}/log',
  tags,
  request: { params: byName, query: logQuery },
  responses: answers(logPage, 'Commits, newest first'),
});

export function refRoutes(ctx: ServiceContext) {
  return apiRouter()
    .openapi(list, async (c) => c.json(await listRefs(ctx), 200))
    .openapi(create, async (c) => c.json(await createRef(ctx, c.req.valid('json')), 200))
    .openapi(remove, async (c) => {
      const { ref } = c.req.valid('param');
      await deleteRef(ctx, ref);
      return c.json({ deleted: ref }, 200);
    })
    .openapi(log, async (c) => {
      const { limit, cursor, table } = c.req.valid('query');
      const keys = table === undefined ? undefined : [parseTableId(table)];
      const page = await readLog(ctx, { ref: c.req.valid('param').ref, limit, cursor, keys }, describeChange);
      return c.json(page, 200);
    });
}
