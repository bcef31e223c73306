import { createRoute } from '@hono/zod-openapi';
import { statementRequest, statementResult } from '#shared/contract/statements.ts';
import { runStatement, type StatementContext } from '../../services/dml/index.ts';
import { answers, apiRouter, body } from './api.ts';
import { by } from './said-of-commits.ts';

const statement = createRoute({
  method: 'post',
  path: '/statements',
  tags: ['query'],
  description:
    'Runs one INSERT, UPDATE, DELETE, MERGE INTO, TRUNCATE, CREATE TABLE, ALTER TABLE or DROP TABLE: one commit on a branch.',
  request: { body: body(statementRequest) },
  responses: answers(statementResult, 'How many rows it changed, and the commit'),
});

export function statementRoutes(ctx: StatementContext) {
  return apiRouter().openapi(statement, async (c) =>
    c.json(await runStatement(by(ctx, c), c.req.valid('json'), c.req.raw.signal), 200),
  );
}
