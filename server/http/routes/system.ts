import { createRoute } from '@hono/zod-openapi';
import { systemInfo } from '#shared/contract/system.ts';
import { JSON_ROW_LIMIT, type QueryContext } from '../../services/query/index.ts';
import { answers, apiRouter } from './api.ts';
import { offeredExtensions } from './extensions.ts';

const get = createRoute({
  method: 'get',
  path: '/system',
  tags: ['system'],
  responses: answers(systemInfo, 'Versions and limits of this server'),
});

export function systemRoutes(ctx: QueryContext, version: string) {
  return apiRouter().openapi(get, (c) =>
    c.json(
      {
        version,
        duckdb: ctx.engine.version,
        defaultBranch: ctx.catalog.defaultBranch,
        warehouse: ctx.io.root,
        extensions: offeredExtensions(ctx.extensions),
        limits: {
          browserBytes: ctx.browserBytes,
          jsonRows: JSON_ROW_LIMIT,
          tabEngine: ctx.tabEngine ?? 'on',
          ...(ctx.cluster === undefined ? {} : { clusterBytes: ctx.cluster.minBytes }),
        },
      },
      200,
    ),
  );
}
