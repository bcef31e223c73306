import { queryOptions, useQuery } from '@tanstack/react-query';
import { tableHistory, type TableHistory } from '#shared/contract/tables.ts';
import { requestJson } from '#web/lib/api-client.ts';
import { keptAnswer } from '#web/lib/kept-answers.ts';

function getTableHistory(table: string, ref: string, signal: AbortSignal): Promise<TableHistory> {
  const path = `tables/${encodeURIComponent(table)}/history`;
  return keptAnswer(`table-history/${ref}/${table}`, tableHistory, () =>
    requestJson(tableHistory, path, { query: { ref }, signal }),
  );
}

const tableHistoryQuery = (table: string, ref: string) =>
  queryOptions({
    queryKey: ['tables', 'history', table, ref],
    queryFn: ({ signal }) => getTableHistory(table, ref, signal),
  });

/** Snapshots of a table, newest first. */
export function useTableHistory(table: string, ref: string) {
  return useQuery(tableHistoryQuery(table, ref));
}
