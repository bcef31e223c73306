import { createRoute } from '@hono/zod-openapi';
import { plan as planSchema, planRequest } from '#shared/contract/plan.ts';
import { ARROW_STREAM, CACHE_HEADER, queryRequest, queryResult } from '#shared/contract/query.ts';
import { isWriteStatement } from '#shared/sql/write-statements.ts';
import { queryStatement, type StatementContext } from '../../services/dml/index.ts';
import { planQuery, queryArrow, queryJson } from '../../services/query/index.ts';
import { answers, apiRouter, body } from './api.ts';

const tags = ['query'];

const plan = createRoute({
  method: 'post',
  path: '/plan',
  tags,
  request: { body: body(planRequest) },
  responses: answers(planSchema, 'What the query reads, what it costs, and which engine should run it'),
});

const query = createRoute({
  method: 'post',
  path: '/query',
  tags,
  description: `Runs one SELECT, or one statement that changes a table (see /statements). JSON by default; the rows of a SELECT as an Arrow IPC stream where Accept says ${ARROW_STREAM}.`,
  request: { body: body(queryRequest) },
  responses: answers(queryResult, 'The rows'),
});

export function queryRoutes(ctx: StatementContext) {
  const api = apiRouter();
  api.openapi(plan, async (c) => c.json(await planQuery(ctx, c.req.valid('json')), 200));
  api.openapi(query, async (c) => {
    const request = c.req.valid('json');
    const { signal } = c.req.raw;
    if (!(c.req.header('accept') ?? '').includes(ARROW_STREAM)) {
      const answer = isWriteStatement(request.sql) ? queryStatement : queryJson;
      return c.json(await answer(ctx, request, signal), 200);
    }
    const { planId, stream, fromCache } = await queryArrow(ctx, request, signal);
    // The contract names the JSON form; OpenAPI can't type an answer that Accept chooses.
    return c.body(stream, 200, {
      'content-type': ARROW_STREAM,
      'x-timestream-plan': planId,
      ...(fromCache ? { [CACHE_HEADER]: 'hit' } : {}),
    }) as never;
  });
  return api;
}
