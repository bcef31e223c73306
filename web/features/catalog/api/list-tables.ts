import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query';
import { tableList, type TableList } from '#shared/contract/tables.ts';
import { requestJson } from '#web/lib/api-client.ts';
import { keptAnswer } from '#web/lib/kept-answers.ts';

function listTables(ref: string, signal?: AbortSignal): Promise<TableList> {
  return keptAnswer(`tables/${ref}`, tableList, () =>
    requestJson(tableList, 'tables', { query: { ref }, signal }),
  );
}

export const tablesQuery = (ref: string) =>
  queryOptions({ queryKey: ['tables', 'list', ref], queryFn: ({ signal }) => listTables(ref, signal) });

/** All tables with their columns at a ref expression. Going to another ref keeps the old list until the new is there. */
export function useTables(ref: string) {
  return useQuery({ ...tablesQuery(ref), placeholderData: keepPreviousData });
}
