import { createRoute, z } from '@hono/zod-openapi';
import {
  approveRequest,
  createMergeRequest,
  mergeMergeRequest as mergeBody,
  mergeRequestDetail,
  mergeRequestInfo,
  mergeRequestList,
  mergeRequestMerged,
  mergeRequestQuery,
  postCheck,
  updateMergeRequest,
} from '#shared/contract/merge-requests.ts';
import {
  approveMergeRequest,
  changeMergeRequest,
  describeMergeRequest,
  listMergeRequests,
  mergeMergeRequest,
  openMergeRequest,
  postCheckResult,
  runChecks,
  type MergeRequestContext,
} from '../../services/merge-requests/index.ts';
import { answers, apiRouter, body } from './api.ts';
import { by } from './said-of-commits.ts';

const tags = ['merge requests'];
const params = z.object({ id: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER) });
const detail = answers(mergeRequestDetail, 'The request, what was said of it, and what is in its way');

const list = createRoute({
  method: 'get',
  path: '/merge-requests',
  tags,
  request: { query: mergeRequestQuery },
  responses: answers(mergeRequestList, 'Newest first'),
});
const create = createRoute({
  method: 'post',
  path: '/merge-requests',
  tags,
  request: { body: body(createMergeRequest) },
  responses: answers(mergeRequestInfo, 'The request that was opened'),
});
const get = createRoute({
  method: 'get',
  path: '/merge-requests/{id}',
  tags,
  request: { params },
  responses: detail,
});
const update = createRoute({
  method: 'patch',
  path: '/merge-requests/{id}',
  tags,
  request: { params, body: body(updateMergeRequest) },
  responses: answers(mergeRequestInfo, 'The request as it is now'),
});
const approve = createRoute({
  method: 'post',
  path: '/merge-requests/{id}/approve',
  tags,
  request: { params, body: body(approveRequest) },
  responses: detail,
});
const check = createRoute({
  method: 'post',
  path: '/merge-requests/{id}/checks',
  tags,
  request: { params, body: body(postCheck) },
  responses: detail,
});
const run = createRoute({
  method: 'post',
  path: '/merge-requests/{id}/checks/run',
  tags,
  request: { params },
  responses: detail,
});
const merge = createRoute({
  method: 'post',
  path: '/merge-requests/{id}/merge',
  tags,
  request: { params, body: body(mergeBody) },
  responses: answers(mergeRequestMerged, 'What happened, or would; with conflicts it stays open'),
});

export function mergeRequestRoutes(ctx: MergeRequestContext) {
  return apiRouter()
    .openapi(list, async (c) => c.json(await listMergeRequests(ctx, c.req.valid('query')), 200))
    .openapi(create, async (c) => c.json(await openMergeRequest(by(ctx, c), c.req.valid('json')), 200))
    .openapi(get, async (c) => c.json(await describeMergeRequest(ctx, c.req.valid('param').id), 200))
    .openapi(update, async (c) =>
      c.json(await changeMergeRequest(by(ctx, c), c.req.valid('param').id, c.req.valid('json')), 200),
    )
    .openapi(approve, async (c) =>
      c.json(await approveMergeRequest(by(ctx, c), c.req.valid('param').id, c.req.valid('json')), 200),
    )
    .openapi(check, async (c) =>
      c.json(await postCheckResult(by(ctx, c), c.req.valid('param').id, c.req.valid('json')), 200),
    )
    .openapi(run, async (c) => c.json(await runChecks(by(ctx, c), c.req.valid('param').id), 200))
    .openapi(merge, async (c) =>
      c.json(await mergeMergeRequest(by(ctx, c), c.req.valid('param').id, c.req.valid('json')), 200),
    );
}
