import { createRoute, z } from '@hono/zod-openapi';
import {
  compareQuery,
  compareResult,
  landResult,
  mergeRequest,
  pickRequest,
  rebaseRequest,
} from '#shared/contract/merges.ts';
import type { ServiceContext } from '../../services/context.ts';
import {
  cherryPickCommits,
  compareRefs,
  mergeRef,
  rebaseBranch,
  revertCommits,
} from '../../services/refs/index.ts';
import { answers, apiRouter, body } from './api.ts';
import { by } from './said-of-commits.ts';

const tags = ['refs'];
const params = z.object({ ref: z.string().describe('branch that changes, percent-encoded') });
const responses = answers(landResult, 'What happened, or would; conflicts, if any, as data');

const merge = createRoute({
  method: 'post',
  path: '/refs/{ref}/merge',
  tags,
  request: { params, body: body(mergeRequest) },
  responses,
});
const cherryPick = createRoute({
  method: 'post',
  path: '/refs/{ref}/cherry-pick',
  tags,
  request: { params, body: body(pickRequest) },
  responses,
});
const revert = createRoute({
  method: 'post',
  path: '/refs/{ref}/revert',
  tags,
  request: { params, body: body(pickRequest) },
  responses,
});
const rebase = createRoute({
  method: 'post',
  path: '/refs/{ref}/rebase',
  tags,
  request: { params, body: body(rebaseRequest) },
  responses,
});
const compare = createRoute({
  method: 'get',
  path: '/compare',
  tags,
  request: { query: compareQuery },
  responses: answers(compareResult, 'Commits and changes between two places in history'),
});

/** What brings the changes of one place in history to another. */
export function mergeRoutes(ctx: ServiceContext) {
  return apiRouter()
    .openapi(merge, async (c) =>
      c.json(await mergeRef(by(ctx, c), c.req.valid('param').ref, c.req.valid('json')), 200),
    )
    .openapi(cherryPick, async (c) =>
      c.json(await cherryPickCommits(by(ctx, c), c.req.valid('param').ref, c.req.valid('json')), 200),
    )
    .openapi(revert, async (c) =>
      c.json(await revertCommits(by(ctx, c), c.req.valid('param').ref, c.req.valid('json')), 200),
    )
    .openapi(rebase, async (c) =>
      c.json(await rebaseBranch(by(ctx, c), c.req.valid('param').ref, c.req.valid('json')), 200),
    )
    .openapi(compare, async (c) => c.json(await compareRefs(ctx, c.req.valid('query')), 200));
}
