import { createRoute } from '@hono/zod-openapi';
import { functionList } from '#shared/contract/functions.ts';
import { listFunctions } from '../../services/query/index.ts';
import { answers, apiRouter } from './api.ts';

const list = createRoute({
  method: 'get',
  path: '/functions',
  tags: ['query'],
  responses: answers(functionList, 'Every function that SQL here may call, as DuckDB describes them'),
});

export function functionRoutes() {
  return apiRouter().openapi(list, async (c) => {
    const { version, functions } = await listFunctions();
    return c.json({ version, functions }, 200);
  });
}
