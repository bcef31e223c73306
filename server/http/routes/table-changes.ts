import { createRoute, z } from '@hono/zod-openapi';
import { refExpression } from '#shared/contract/common.ts';
import {
  alterTableRequest,
  cherryPickSnapshotRequest,
  createSnapshotRefRequest,
  createTableRequest,
  expireSnapshotsRequest,
  expireSnapshotsResult,
  fastForwardRequest,
  replaceSnapshotRefRequest,
  rollbackRequest,
  snapshotRefList,
  tableChangeResult,
} from '#shared/contract/table-changes.ts';
import { registerTableRequest } from '#shared/contract/register-table.ts';
import type { ServiceContext } from '../../services/context.ts';
import {
  alterTable,
  cherryPickSnapshot,
  createSnapshotRef,
  createTable,
  expireTableSnapshots,
  fastForwardSnapshotRef,
  listSnapshotRefs,
  registerTable,
  removeSnapshotRef,
  replaceSnapshotRef,
  rollBackTable,
} from '../../services/tables/index.ts';
import { answers, apiRouter, body } from './api.ts';
import { by } from './said-of-commits.ts';

const tags = ['tables'];
const params = z.object({ table: z.string().describe('dotted name, e.g. bronze.flights') });
const refParams = params.extend({ name: z.string().describe('branch or tag of the table') });

const create = createRoute({
  method: 'post',
  path: '/tables',
  tags,
  request: { body: body(createTableRequest) },
  responses: answers(tableChangeResult, 'The new table and the commit that made it'),
});
const register = createRoute({
  method: 'post',
  path: '/tables/register',
  tags,
  request: { body: body(registerTableRequest) },
  responses: answers(tableChangeResult, 'The table, read where another engine keeps it'),
});
const alter = createRoute({
  method: 'patch',
  path: '/tables/{table}',
  tags,
  request: { params, body: body(alterTableRequest) },
  responses: answers(tableChangeResult, 'The table after all changes, in one commit'),
});
const rollback = createRoute({
  method: 'post',
  path: '/tables/{table}/rollback',
  tags,
  request: { params, body: body(rollbackRequest) },
  responses: answers(tableChangeResult, 'The table at the older snapshot'),
});
const pick = createRoute({
  method: 'post',
  path: '/tables/{table}/cherry-pick',
  tags,
  request: { params, body: body(cherryPickSnapshotRequest) },
  responses: answers(tableChangeResult, 'The table with what the snapshot changed'),
});
const expire = createRoute({
  method: 'post',
  path: '/tables/{table}/expire-snapshots',
  tags,
  request: { params, body: body(expireSnapshotsRequest) },
  responses: answers(expireSnapshotsResult, 'What expired, and which files nothing reads any more'),
});
const refs = createRoute({
  method: 'get',
  path: '/tables/{table}/refs',
  tags,
  request: { params, query: z.object({ ref: refExpression.optional() }) },
  responses: answers(snapshotRefList, 'Branches and tags inside the table'),
});
const createRef = createRoute({
  method: 'post',
  path: '/tables/{table}/refs',
  tags,
  request: { params, body: body(createSnapshotRefRequest) },
  responses: answers(tableChangeResult, 'The table with its new branch or tag'),
});
const replaceRef = createRoute({
  method: 'put',
  path: '/tables/{table}/refs/{name}',
  tags,
  request: { params: refParams, body: body(replaceSnapshotRefRequest) },
  responses: answers(tableChangeResult, 'The table with the branch or tag as asked for'),
});
const removeRef = createRoute({
  method: 'delete',
  path: '/tables/{table}/refs/{name}',
  tags,
  request: { params: refParams, query: z.object({ branch: z.string().min(1).optional() }) },
  responses: answers(tableChangeResult, 'The table without it; its snapshots stay until they expire'),
});
const forwardRef = createRoute({
  method: 'post',
  path: '/tables/{table}/refs/{name}/fast-forward',
  tags,
  request: { params: refParams, body: body(fastForwardRequest) },
  responses: answers(tableChangeResult, 'The table with the branch moved forward'),
});

/** What changes tables other than by rows; each change is one commit. */
export function tableChangeRoutes(ctx: ServiceContext) {
  return apiRouter()
    .openapi(create, async (c) => c.json(await createTable(by(ctx, c), c.req.valid('json')), 200))
    .openapi(register, async (c) => c.json(await registerTable(by(ctx, c), c.req.valid('json')), 200))
    .openapi(alter, async (c) =>
      c.json(await alterTable(by(ctx, c), c.req.valid('param').table, c.req.valid('json')), 200),
    )
    .openapi(rollback, async (c) =>
      c.json(await rollBackTable(by(ctx, c), c.req.valid('param').table, c.req.valid('json')), 200),
    )
    .openapi(pick, async (c) =>
      c.json(await cherryPickSnapshot(by(ctx, c), c.req.valid('param').table, c.req.valid('json')), 200),
    )
    .openapi(expire, async (c) =>
      c.json(await expireTableSnapshots(by(ctx, c), c.req.valid('param').table, c.req.valid('json')), 200),
    )
    .openapi(refs, async (c) =>
      c.json(await listSnapshotRefs(ctx, c.req.valid('param').table, c.req.valid('query').ref), 200),
    )
    .openapi(createRef, async (c) =>
      c.json(await createSnapshotRef(by(ctx, c), c.req.valid('param').table, c.req.valid('json')), 200),
    )
    .openapi(replaceRef, async (c) => {
      const { table, name } = c.req.valid('param');
      return c.json(await replaceSnapshotRef(by(ctx, c), table, name, c.req.valid('json')), 200);
    })
    .openapi(removeRef, async (c) => {
      const { table, name } = c.req.valid('param');
      return c.json(await removeSnapshotRef(by(ctx, c), table, name, c.req.valid('query').branch), 200);
    })
    .openapi(forwardRef, async (c) => {
      const { table, name } = c.req.valid('param');
      return c.json(await fastForwardSnapshotRef(by(ctx, c), table, name, c.req.valid('json')), 200);
    });
}
