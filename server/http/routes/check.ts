import { createRoute } from '@hono/zod-openapi';
import { checkRequest, checkResult } from '#shared/contract/check.ts';
import { checkQuery, type QueryContext } from '../../services/query/index.ts';
import { answers, apiRouter, body } from './api.ts';

const check = createRoute({
  method: 'post',
  path: '/check',
  tags: ['query'],
  request: { body: body(checkRequest) },
  responses: answers(checkResult, 'What is wrong with a query, where, and what may have been meant'),
});

export function checkRoutes(ctx: QueryContext) {
  return apiRouter().openapi(check, async (c) =>
    c.json(await checkQuery(ctx, c.req.valid('json'), c.req.raw.signal), 200),
  );
}
