import { queryOptions, useQuery } from '@tanstack/react-query';
import { tableDetail, type TableDetail } from '#shared/contract/tables.ts';
import { requestJson } from '#web/lib/api-client.ts';
import { keptAnswer } from '#web/lib/kept-answers.ts';

function getTable(table: string, ref: string, signal: AbortSignal): Promise<TableDetail> {
  const path = `tables/${encodeURIComponent(table)}`;
  return keptAnswer(`table/${ref}/${table}`, tableDetail, () =>
    requestJson(tableDetail, path, { query: { ref }, signal }),
  );
}

const tableQuery = (table: string, ref: string) =>
  queryOptions({
    queryKey: ['tables', 'detail', table, ref],
    queryFn: ({ signal }) => getTable(table, ref, signal),
  });

/** One table at a ref expression. Going to another ref keeps what was known until the new is there. */
export function useTable(table: string, ref: string) {
  return useQuery({
    ...tableQuery(table, ref),
    placeholderData: (previous, query) => (query?.queryKey[2] === table ? previous : undefined),
  });
}
