import { createRoute } from '@hono/zod-openapi';
import { fsckQuery, fsckResult } from '#shared/contract/fsck.ts';
import { fsck, type FsckContext } from '../../services/fsck/index.ts';
import { answers, apiRouter } from './api.ts';

const check = createRoute({
  method: 'get',
  path: '/maintenance/fsck',
  tags: ['maintenance'],
  description:
    'Checks that everything that branches, tags and the reflog lead to is there and whole: commits, tree, metadata, manifests, files. Changes nothing.',
  request: { query: fsckQuery },
  responses: answers(fsckResult, 'What was checked, and each fault with what leads there'),
});

export function fsckRoutes(ctx: FsckContext) {
  return apiRouter().openapi(check, async (c) =>
    c.json(await fsck(ctx, { deep: c.req.valid('query').deep === 'true' }, c.req.raw.signal), 200),
  );
}
