import { createRoute, z } from '@hono/zod-openapi';
import {
  createNotebookRequest,
  notebook,
  notebookList,
  saveNotebookRequest,
} from '#shared/contract/notebooks.ts';
import type { ServiceContext } from '../../services/context.ts';
import {
  createNotebook,
  deleteNotebook,
  getNotebook,
  listNotebooks,
  saveNotebook,
} from '../../services/notebooks/index.ts';
import { answers, apiRouter, body } from './api.ts';
import { by } from './said-of-commits.ts';

const tags = ['notebooks'];
const params = z.object({ id: z.string() });

const list = createRoute({
  method: 'get',
  path: '/notebooks',
  tags,
  responses: answers(notebookList, 'Last changed first'),
});
const create = createRoute({
  method: 'post',
  path: '/notebooks',
  tags,
  request: { body: body(createNotebookRequest) },
  responses: answers(notebook, 'The new notebook'),
});
const get = createRoute({
  method: 'get',
  path: '/notebooks/{id}',
  tags,
  request: { params },
  responses: answers(notebook, 'The notebook'),
});
const save = createRoute({
  method: 'put',
  path: '/notebooks/{id}',
  tags,
  request: { params, body: body(saveNotebookRequest) },
  responses: answers(notebook, 'The notebook as it was saved, with its new version'),
});
const remove = createRoute({
  method: 'delete',
  path: '/notebooks/{id}',
  tags,
  request: { params },
  responses: answers(z.object({ deleted: z.string() }), 'The notebook is gone'),
});

export function notebookRoutes(ctx: ServiceContext) {
  return apiRouter()
    .openapi(list, async (c) => c.json({ notebooks: [...(await listNotebooks(ctx))] }, 200))
    .openapi(create, async (c) => c.json(await createNotebook(by(ctx, c), c.req.valid('json')), 200))
    .openapi(get, async (c) => c.json(await getNotebook(ctx, c.req.valid('param').id), 200))
    .openapi(save, async (c) =>
      c.json(await saveNotebook(by(ctx, c), c.req.valid('param').id, c.req.valid('json')), 200),
    )
    .openapi(remove, async (c) => {
      const { id } = c.req.valid('param');
      await deleteNotebook(ctx, id);
      return c.json({ deleted: id }, 200);
    });
}
