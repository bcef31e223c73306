import { createRoute } from '@hono/zod-openapi';
import {
  composedSql,
  composeRequest,
  outlineRequest,
  outlineResult,
} from '#shared/contract/notebook-relations.ts';
import type { QueryContext } from '../../services/query/index.ts';
import { composeCell, outlineStatements } from '../../services/notebooks/index.ts';
import { answers, apiRouter, body } from './api.ts';

const tags = ['notebooks'];

const outline = createRoute({
  method: 'post',
  path: '/notebooks/outline',
  tags,
  description: 'What SQL texts name that may be cells of a notebook. Text that does not parse names nothing.',
  request: { body: body(outlineRequest) },
  responses: answers(outlineResult, 'An outline for each text, in order'),
});
const compose = createRoute({
  method: 'post',
  path: '/notebooks/compose',
  tags,
  description:
    'The statement that runs a cell: cells that it reads are common table expressions, inputs are constants.',
  request: { body: body(composeRequest) },
  responses: answers(composedSql, 'One statement over tables alone'),
});

export function notebookRelationRoutes(ctx: QueryContext) {
  return apiRouter()
    .openapi(outline, async (c) =>
      c.json({ outlines: await outlineStatements(ctx, c.req.valid('json').statements) }, 200),
    )
    .openapi(compose, async (c) => c.json(await composeCell(ctx, c.req.valid('json')), 200));
}
