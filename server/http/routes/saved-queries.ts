import { createRoute, z } from '@hono/zod-openapi';
import {
  createSavedQuery,
  savedQuery,
  savedQueryDeleted,
  savedQueryList,
  updateSavedQuery,
} from '#shared/contract/saved-queries.ts';
import {
  changeSavedQuery,
  deleteSavedQuery,
  getSavedQuery,
  listSavedQueries,
  saveQuery,
  type SavedQueryContext,
} from '../../services/saved-queries/index.ts';
import { answers, apiRouter, body } from './api.ts';
import { by } from './said-of-commits.ts';

const tags = ['queries'];
const params = z.object({ id: z.string() });

const list = createRoute({
  method: 'get',
  path: '/saved-queries',
  tags,
  responses: answers(savedQueryList, 'Queries and snippets, by name'),
});
const create = createRoute({
  method: 'post',
  path: '/saved-queries',
  tags,
  request: { body: body(createSavedQuery) },
  responses: answers(savedQuery, 'The query as it is kept'),
});
const get = createRoute({
  method: 'get',
  path: '/saved-queries/{id}',
  tags,
  request: { params },
  responses: answers(savedQuery, 'The query'),
});
const update = createRoute({
  method: 'put',
  path: '/saved-queries/{id}',
  tags,
  request: { params, body: body(updateSavedQuery) },
  responses: answers(savedQuery, 'The query as it is now, with its new version'),
});
const remove = createRoute({
  method: 'delete',
  path: '/saved-queries/{id}',
  tags,
  request: { params },
  responses: answers(savedQueryDeleted, 'The query is gone'),
});

export function savedQueryRoutes(ctx: SavedQueryContext) {
  return apiRouter()
    .openapi(list, async (c) => c.json({ queries: [...(await listSavedQueries(ctx))] }, 200))
    .openapi(create, async (c) => c.json(await saveQuery(by(ctx, c), c.req.valid('json')), 200))
    .openapi(get, async (c) => c.json(await getSavedQuery(ctx, c.req.valid('param').id), 200))
    .openapi(update, async (c) =>
      c.json(await changeSavedQuery(ctx, c.req.valid('param').id, c.req.valid('json')), 200),
    )
    .openapi(remove, async (c) => {
      const { id } = c.req.valid('param');
      await deleteSavedQuery(ctx, id);
      return c.json({ deleted: id }, 200);
    });
}
