import { createRoute, z } from '@hono/zod-openapi';
import { catalogDiff, diffQuery, tableDiff, tableDiffRequest } from '#shared/contract/diff.ts';
import { diffCatalog, diffTableRows } from '../../services/diff/index.ts';
import type { QueryContext } from '../../services/query/index.ts';
import { answers, apiRouter, body } from './api.ts';

const catalog = createRoute({
  method: 'get',
  path: '/diff',
  tags: ['refs'],
  request: { query: diffQuery },
  responses: answers(catalogDiff, 'What differs between two places in history; no rows are read'),
});
const rows = createRoute({
  method: 'post',
  path: '/tables/{table}/diff',
  tags: ['tables'],
  request: {
    params: z.object({ table: z.string().describe('dotted name, percent-encoded') }),
    body: body(tableDiffRequest),
  },
  responses: answers(tableDiff, 'How many rows differ, and a page of them'),
});

export function diffRoutes(ctx: QueryContext) {
  return apiRouter()
    .openapi(catalog, async (c) => c.json(await diffCatalog(ctx, c.req.valid('query')), 200))
    .openapi(rows, async (c) => {
      const { table } = c.req.valid('param');
      return c.json(await diffTableRows(ctx, table, c.req.valid('json'), c.req.raw.signal), 200);
    });
}
