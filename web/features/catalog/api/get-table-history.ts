import { queryOptions, useQuery } from '@tanstack/react-query';
import { tableHistory, type TableHistory } from '#shared/contract/tables.ts';
import { requestJson } from '#web/lib/api-client.ts';

function getTableHistory(table: string, ref: string, signal: AbortSignal): Promise<TableHistory> {
  return requestJson(tableHistory, `tables/${encodeURIComponent(table)}/history`, { query: { ref }, signal });
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
