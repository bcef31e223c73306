import { createRoute, z } from '@hono/zod-openapi';
import { plan as planSchema, planRequest } from '#shared/contract/plan.ts';
import {
  ANSWER_HEADER,
  ARROW_STREAM,
  CACHE_HEADER,
  ENGINE_HEADER,
  ENGINE_REASON_HEADER,
  queryPlace,
  queryRequest,
  queryResult,
  RUN_HEADER,
  runHeaders,
} from '#shared/contract/query.ts';
import { isWriteStatement } from '#shared/sql/write-statements.ts';
import { queryStatement, type StatementContext } from '../../services/dml/index.ts';
import {
  BrokenAnswers,
  planQuery,
  queryArrow,
  queryJson,
  type RunningQueries,
} from '../../services/query/index.ts';
import { arrowAnswer, wantsArrow } from '../arrow-answer.ts';
import { answers, apiRouter, body } from './api.ts';

const tags = ['query'];

const plan = createRoute({
  method: 'post',
  path: '/plan',
  tags,
  request: { headers: runHeaders, body: body(planRequest) },
  responses: answers(planSchema, 'What the query reads, what it costs, and which engine should run it'),
});

const query = createRoute({
  method: 'post',
  path: '/query',
  tags,
  description: `Runs one SELECT, or one statement that changes a table (see /statements). JSON by default; the rows of a SELECT as an Arrow IPC stream where Accept says ${ARROW_STREAM}.`,
  request: { headers: runHeaders, body: body(queryRequest) },
  responses: answers(queryResult, 'The rows'),
});

const whyBroken = createRoute({
  method: 'get',
  path: '/query/broken/{answer}',
  tags,
  description: `Why an Arrow answer broke off after its first rows, by its header ${ANSWER_HEADER}: the error that the query would have been answered with otherwise. Known for ten minutes.`,
  request: { params: z.object({ answer: z.string() }) },
  responses: {
    default: answers(queryResult, '').default,
  },
});

const whereRunning = createRoute({
  method: 'get',
  path: '/query/running/{run}',
  tags,
  description: `Where a query or a statement stands that is not answered yet, by the name that its header ${RUN_HEADER} gave it: so many wait for a place of the engine before it, or it has one.`,
  request: { params: z.object({ run: z.string() }) },
  responses: answers(queryPlace, 'Where it stands'),
});

export function queryRoutes(ctx: StatementContext, running: RunningQueries) {
  const broken = new BrokenAnswers();
  const api = apiRouter();
  api.openapi(plan, async (c) => {
    const planned = running.watch(ctx, c.req.valid('header')[RUN_HEADER], async (watched) =>
      planQuery(watched, c.req.valid('json'), c.req.raw.signal),
    );
    return c.json(await planned, 200);
  });
  api.openapi(query, async (c) => {
    const request = c.req.valid('json');
    const run = c.req.valid('header')[RUN_HEADER];
    const { signal } = c.req.raw;
    if (!wantsArrow(c)) {
      const answer = isWriteStatement(request.sql) ? queryStatement : queryJson;
      return c.json(await running.watch(ctx, run, async (watched) => answer(watched, request, signal)), 200);
    }
    const { id, broke } = broken.open();
    const { planId, stream, fromCache, ranOn } = await running.watch(ctx, run, async (watched) =>
      queryArrow(watched, request, signal, broke),
    );
    // The contract names the JSON form; OpenAPI can't type an answer that Accept chooses.
    return arrowAnswer(c, stream, {
      'x-timestream-plan': planId,
      [ANSWER_HEADER]: id,
      [ENGINE_HEADER]: ranOn.used,
      [ENGINE_REASON_HEADER]: encodeURIComponent(ranOn.reason),
      ...(fromCache ? { [CACHE_HEADER]: 'hit' } : {}),
    }) as never;
  });
  api.openapi(whyBroken, (c) => {
    throw broken.why(c.req.valid('param').answer);
  });
  api.openapi(whereRunning, (c) => c.json(running.at(c.req.valid('param').run), 200));
  return api;
}
