import { createRoute, z } from '@hono/zod-openapi';
import {
  assignRefRequest,
  createRefRequest,
  deleteRefQuery,
  logPage,
  logQuery,
  refInfo,
  refList,
  reflogPage,
  reflogQuery,
  restoreRequest,
  restoreResult,
  updateRefRequest,
} from '#shared/contract/refs.ts';
import type { ServiceContext } from '../../services/context.ts';
import {
  assignRef,
  createRef,
  deleteRef,
  listRefs,
  readLog,
  readReflog,
  restoreRef,
  updateRef,
} from '../../services/refs/index.ts';
import { describeChange, parseTableId } from '../../services/tables/index.ts';
import { answers, apiRouter, body } from './api.ts';
import { by } from './said-of-commits.ts';

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
  request: { params: byName, query: deleteRefQuery },
  responses: answers(z.object({ deleted: z.string() }), 'The ref is gone; its commits stay'),
});
const log = createRoute({
  method: 'get',
  path: '/refs/{ref}/log',
  tags,
  request: { params: byName, query: logQuery },
  responses: answers(logPage, 'Commits, newest first'),
});

const update = createRoute({
  method: 'patch',
  path: '/refs/{ref}',
  tags,
  request: { params: byName, body: body(updateRefRequest) },
  responses: answers(refInfo, 'The ref under its new name, or with its new protection'),
});
const assign = createRoute({
  method: 'put',
  path: '/refs/{ref}',
  tags,
  request: { params: byName, body: body(assignRefRequest) },
  responses: answers(refInfo, 'The ref where it points now; the reflog has where it was'),
});
const reflog = createRoute({
  method: 'get',
  path: '/reflog',
  tags,
  request: { query: reflogQuery },
  responses: answers(reflogPage, 'Every move of every ref, newest first, also of refs that are gone'),
});
const restore = createRoute({
  method: 'post',
  path: '/reflog/{id}/restore',
  tags,
  request: {
    params: z.object({ id: z.string().describe('of the entry that is to be undone') }),
    body: body(restoreRequest),
  },
  responses: answers(restoreResult, 'What was undone, and the refs that it moved as they are now'),
});

export function refRoutes(ctx: ServiceContext) {
  return apiRouter()
    .openapi(list, async (c) => c.json(await listRefs(ctx), 200))
    .openapi(create, async (c) => c.json(await createRef(by(ctx, c), c.req.valid('json')), 200))
    .openapi(remove, async (c) => {
      const { ref } = c.req.valid('param');
      await deleteRef(by(ctx, c), ref, c.req.valid('query'));
      return c.json({ deleted: ref }, 200);
    })
    .openapi(update, async (c) =>
      c.json(await updateRef(by(ctx, c), c.req.valid('param').ref, c.req.valid('json')), 200),
    )
    .openapi(assign, async (c) =>
      c.json(await assignRef(by(ctx, c), c.req.valid('param').ref, c.req.valid('json')), 200),
    )
    .openapi(reflog, async (c) => c.json(await readReflog(ctx, c.req.valid('query')), 200))
    .openapi(restore, async (c) =>
      c.json(await restoreRef(by(ctx, c), c.req.valid('param').id, c.req.valid('json')), 200),
    )
    .openapi(log, async (c) => {
      const { table, namespace, ...query } = c.req.valid('query');
      const keys = table === undefined ? undefined : [parseTableId(table)];
      const under = namespace === undefined ? undefined : parseTableId(namespace);
      const { ref } = c.req.valid('param');
      const page = await readLog(ctx, { ref, ...query, keys, under }, describeChange);
      return c.json(page, 200);
    });
}
