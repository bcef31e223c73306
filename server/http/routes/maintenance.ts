import { createRoute, z } from '@hono/zod-openapi';
import {
  optimizeRequest,
  optimizeResult,
  removeOrphansRequest,
  removeOrphansResult,
  rewriteDeletesRequest,
  rewriteDeletesResult,
  rewriteManifestsRequest,
  rewriteManifestsResult,
  vacuumRequest,
  vacuumResult,
} from '#shared/contract/maintenance.ts';
import {
  optimizeTable,
  removeOrphans,
  rewriteTableDeletes,
  rewriteTableManifests,
  vacuumTable,
  type MaintenanceContext,
} from '../../services/maintenance/index.ts';
import { answers, apiRouter, body } from './api.ts';

const tags = ['maintenance'];
const params = z.object({ table: z.string().describe('dotted name, e.g. bronze.flights') });

const optimize = createRoute({
  method: 'post',
  path: '/tables/{table}/optimize',
  tags,
  description:
    'Writes files anew: of a good size, without deleted rows, sorted or clustered. Rows stay as they are.',
  request: { params, body: body(optimizeRequest) },
  responses: answers(optimizeResult, 'Files before and after, and how much less of them queries read'),
});
const vacuum = createRoute({
  method: 'post',
  path: '/tables/{table}/vacuum',
  tags,
  description: 'Expires old snapshots and deletes the files that nothing reads any more.',
  request: { params, body: body(vacuumRequest) },
  responses: answers(vacuumResult, 'What expired and what was deleted'),
});
const manifests = createRoute({
  method: 'post',
  path: '/tables/{table}/rewrite-manifests',
  tags,
  request: { params, body: body(rewriteManifestsRequest) },
  responses: answers(rewriteManifestsResult, 'Manifests before and after'),
});
const deletes = createRoute({
  method: 'post',
  path: '/tables/{table}/rewrite-deletes',
  tags,
  description:
    'One position delete file, or in v3 one deletion vector, for each data file; none for nothing.',
  request: { params, body: body(rewriteDeletesRequest) },
  responses: answers(rewriteDeletesResult, 'Delete files before and after'),
});
const orphans = createRoute({
  method: 'post',
  path: '/maintenance/remove-orphans',
  tags,
  description:
    'Removes files of the warehouse that no version of any table in the history of the catalog reaches.',
  request: { body: body(removeOrphansRequest) },
  responses: answers(removeOrphansResult, 'What nothing reaches'),
});

/** Work on tables that changes no row; each run is one commit, or some, or none where there is nothing to do. */
export function maintenanceRoutes(ctx: MaintenanceContext) {
  return apiRouter()
    .openapi(optimize, async (c) =>
      c.json(
        await optimizeTable(ctx, c.req.valid('param').table, c.req.valid('json'), c.req.raw.signal),
        200,
      ),
    )
    .openapi(vacuum, async (c) =>
      c.json(await vacuumTable(ctx, c.req.valid('param').table, c.req.valid('json'), c.req.raw.signal), 200),
    )
    .openapi(manifests, async (c) =>
      c.json(await rewriteTableManifests(ctx, c.req.valid('param').table, c.req.valid('json')), 200),
    )
    .openapi(deletes, async (c) =>
      c.json(
        await rewriteTableDeletes(ctx, c.req.valid('param').table, c.req.valid('json'), c.req.raw.signal),
        200,
      ),
    )
    .openapi(orphans, async (c) =>
      c.json(await removeOrphans(ctx, c.req.valid('json'), c.req.raw.signal), 200),
    );
}
