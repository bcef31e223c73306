import { createRoute, z } from '@hono/zod-openapi';
import { ARROW_STREAM, RUN_HEADER, runHeaders } from '#shared/contract/query.ts';
import { keptResult, pageQuery, resultDeleted, resultPage, resultRequest } from '#shared/contract/results.ts';
import { KeptResults, type QueryContext, type RunningQueries } from '../../services/query/index.ts';
import { arrowAnswer, wantsArrow } from '../arrow-answer.ts';
import { answers, apiRouter, body } from './api.ts';

const tags = ['query'];
const params = z.object({ result: z.string() });

const create = createRoute({
  method: 'post',
  path: '/results',
  tags,
  description:
    'Runs one SELECT to its end and keeps its rows, to be read in pages of one answer. They are gone ten minutes after a page was read last.',
  request: { headers: runHeaders, body: body(resultRequest) },
  responses: answers(keptResult, 'How many rows there are, and where'),
});

const page = createRoute({
  method: 'get',
  path: '/results/{result}',
  tags,
  description: `A page of the rows, in the order of the answer. JSON by default; an Arrow IPC stream where Accept says ${ARROW_STREAM}.`,
  request: { params, query: pageQuery },
  responses: answers(resultPage, 'The rows of the page'),
});

const remove = createRoute({
  method: 'delete',
  path: '/results/{result}',
  tags,
  request: { params },
  responses: answers(resultDeleted, 'The result is gone'),
});

export function resultRoutes(ctx: QueryContext, running: RunningQueries) {
  const results = new KeptResults(ctx);
  const api = apiRouter();
  api.openapi(create, async (c) => {
    const made = running.watch(ctx, c.req.valid('header')[RUN_HEADER], async (watched) =>
      results.create(c.req.valid('json'), c.req.raw.signal, watched),
    );
    return c.json(await made, 200);
  });
  api.openapi(page, async (c) => {
    const { result } = c.req.valid('param');
    const { signal } = c.req.raw;
    if (!wantsArrow(c)) return c.json(await results.page(result, c.req.valid('query'), signal), 200);
    // The contract names the JSON form; OpenAPI can't type an answer that Accept chooses.
    return arrowAnswer(c, await results.arrowPage(result, c.req.valid('query'), signal)) as never;
  });
  api.openapi(remove, (c) => {
    const { result } = c.req.valid('param');
    results.delete(result);
    return c.json({ deleted: result }, 200);
  });
  return api;
}
