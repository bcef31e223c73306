import { createRoute } from '@hono/zod-openapi';
import { RUN_HEADER, runHeaders } from '#shared/contract/query.ts';
import { statementRequest, statementResult } from '#shared/contract/statements.ts';
import { runStatement, type StatementContext } from '../../services/dml/index.ts';
import type { RunningQueries } from '../../services/query/index.ts';
import { answers, apiRouter, body } from './api.ts';
import { by } from './said-of-commits.ts';

const statement = createRoute({
  method: 'post',
  path: '/statements',
  tags: ['query'],
  description:
    'Runs one INSERT, UPDATE, DELETE, MERGE INTO, TRUNCATE, CREATE TABLE, ALTER TABLE or DROP TABLE: one commit on a branch.',
  request: { headers: runHeaders, body: body(statementRequest) },
  responses: answers(statementResult, 'How many rows it changed, and the commit'),
});

export function statementRoutes(ctx: StatementContext, running: RunningQueries) {
  return apiRouter().openapi(statement, async (c) => {
    const ran = running.watch(by(ctx, c), c.req.valid('header')[RUN_HEADER], async (watched) =>
      runStatement(watched, c.req.valid('json'), c.req.raw.signal),
    );
    return c.json(await ran, 200);
  });
}
