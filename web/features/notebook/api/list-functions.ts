import { useQuery } from '@tanstack/react-query';
import { functionList, type SqlFunction } from '#shared/contract/functions.ts';
import { requestJson } from '#web/lib/api-client.ts';
import { keptAnswer } from '#web/lib/kept-answers.ts';

/** They change with the server's engine alone, and a page does not outlive that for long. */
const functionsQuery = {
  queryKey: ['functions'],
  queryFn: async ({ signal }: { signal: AbortSignal }): Promise<readonly SqlFunction[]> =>
    (await keptAnswer('functions', functionList, () => requestJson(functionList, 'functions', { signal })))
      .functions,
  staleTime: Infinity,
  gcTime: Infinity,
};

export function useFunctions() {
  return useQuery(functionsQuery);
}
