import { createRoute } from '@hono/zod-openapi';
import { functionList } from '#shared/contract/functions.ts';
import { listFunctions, type QueryContext } from '../../services/query/index.ts';
import { answers, apiRouter } from './api.ts';

const list = createRoute({
  method: 'get',
  path: '/functions',
  tags: ['query'],
  responses: answers(functionList, 'Every function that SQL here may call, as DuckDB describes them'),
});

export function functionRoutes({ extensions }: Pick<QueryContext, 'extensions'>) {
  return apiRouter().openapi(list, async (c) => {
    const { version, functions } = await listFunctions(extensions?.paths);
    return c.json({ version, functions }, 200);
  });
}
