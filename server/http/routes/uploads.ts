import { createRoute, z } from '@hono/zod-openapi';
import {
  MOST_PARTS,
  PARQUET,
  saveUploadRequest,
  saveUploadResult,
  uploadBegun,
  uploadPart,
} from '#shared/contract/uploads.ts';
import { Uploads, type UploadContext } from '../../services/uploads/index.ts';
import { answers, apiRouter, body } from './api.ts';
import { by } from './said-of-commits.ts';

const tags = ['tables'];
const params = z.object({ id: z.uuid() });
const begin = createRoute({
  method: 'post',
  path: '/uploads',
  tags,
  description:
    'Begins to take rows for a table, which come in parts; it is kept for an hour from the last part.',
  responses: answers(uploadBegun, 'Where the parts go'),
});
const put = createRoute({
  method: 'put',
  path: '/uploads/{id}/parts/{number}',
  tags,
  description: 'Some of the rows as a Parquet file whose columns are c0, c1…; parts are numbered from 0.',
  request: {
    params: params.extend({
      number: z.coerce
        .number()
        .int()
        .min(0)
        .max(MOST_PARTS - 1),
    }),
    body: { required: true, content: { [PARQUET]: { schema: z.string().meta({ format: 'binary' }) } } },
  },
  responses: answers(uploadPart, 'What came'),
});
const save = createRoute({
  method: 'post',
  path: '/uploads/{id}/rows',
  tags,
  description: 'Makes the rows of all parts a table, or rows of one that is there, as one commit.',
  request: { params, body: body(saveUploadRequest) },
  responses: answers(saveUploadResult, 'The commit'),
});

export function uploadRoutes(ctx: UploadContext) {
  const uploads = new Uploads(ctx.stagingDirectory);
  const api = apiRouter();
  api.openapi(begin, async (c) => c.json({ id: await uploads.begin() }, 200));
  api.openapi(put, async (c) => {
    const { id, number } = c.req.valid('param');
    const bytes = new Uint8Array(await c.req.arrayBuffer());
    await uploads.put(id, number, bytes);
    return c.json({ bytes: bytes.length }, 200);
  });
  api.openapi(save, async (c) =>
    c.json(await uploads.save(by(ctx, c), c.req.valid('param').id, c.req.valid('json')), 200),
  );
  api.delete('/uploads/:id', (c) => {
    uploads.drop(c.req.param('id'));
    return c.body(null, 204);
  });
  return api;
}
