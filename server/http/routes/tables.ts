import { createRoute, z } from '@hono/zod-openapi';
import { refExpression } from '#shared/contract/common.ts';
import {
  tableDetail,
  tableFiles as tableFilesSchema,
  tableHistory as tableHistorySchema,
  tableList,
} from '#shared/contract/tables.ts';
import type { ServiceContext } from '../../services/context.ts';
import { getTable, tableFiles, tableHistory } from '../../services/tables/index.ts';
import { listTablesAndViews } from '../../services/views/index.ts';
import { answers, apiRouter } from './api.ts';

const tags = ['tables'];
const query = z.object({ ref: refExpression.optional() });
const params = z.object({ table: z.string().describe('dotted name, e.g. bronze.flights') });

const list = createRoute({
  method: 'get',
  path: '/tables',
  tags,
  request: { query },
  responses: answers(tableList, 'Every table and view at a ref'),
});
const detail = createRoute({
  method: 'get',
  path: '/tables/{table}',
  tags,
  request: { params, query },
  responses: answers(tableDetail, 'One table'),
});
const history = createRoute({
  method: 'get',
  path: '/tables/{table}/history',
  tags,
  request: { params, query },
  responses: answers(tableHistorySchema, 'Its snapshots, newest first'),
});
const files = createRoute({
  method: 'get',
  path: '/tables/{table}/files',
  tags,
  request: { params, query },
  responses: answers(tableFilesSchema, 'Data files of the current snapshot'),
});

export function tableRoutes(ctx: ServiceContext) {
  return apiRouter()
    .openapi(list, async (c) => c.json(await listTablesAndViews(ctx, c.req.valid('query').ref), 200))
    .openapi(detail, async (c) =>
      c.json(await getTable(ctx, c.req.valid('param').table, c.req.valid('query').ref), 200),
    )
    .openapi(history, async (c) =>
      c.json(await tableHistory(ctx, c.req.valid('param').table, c.req.valid('query').ref), 200),
    )
    .openapi(files, async (c) =>
      c.json(await tableFiles(ctx, c.req.valid('param').table, c.req.valid('query').ref), 200),
    );
}
