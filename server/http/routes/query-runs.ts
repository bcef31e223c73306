import { createRoute } from '@hono/zod-openapi';
import { queryRunList, queryRunQuery, recordRunsRequest, runsRecorded } from '#shared/contract/query-runs.ts';
import { listRuns, recordRuns, type QueryRunContext } from '../../services/query-runs/index.ts';
import { answers, apiRouter, body } from './api.ts';
import { by } from './said-of-commits.ts';

const tags = ['queries'];

const list = createRoute({
  method: 'get',
  path: '/query-runs',
  tags,
  description: 'What was run in cells, on either engine. The newest ten thousand are kept.',
  request: { query: queryRunQuery },
  responses: answers(queryRunList, 'Newest first'),
});
const record = createRoute({
  method: 'post',
  path: '/query-runs',
  tags,
  description: 'Notes runs, at the time they began. Sent again, they count once.',
  request: { body: body(recordRunsRequest) },
  responses: answers(runsRecorded, 'How many are new'),
});

export function queryRunRoutes(ctx: QueryRunContext) {
  return apiRouter()
    .openapi(list, async (c) => c.json(await listRuns(ctx, c.req.valid('query')), 200))
    .openapi(record, async (c) => {
      const recorded = await recordRuns(by(ctx, c), c.req.valid('json').runs);
      return c.json({ recorded }, 200);
    });
}
