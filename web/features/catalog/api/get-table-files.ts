import { queryOptions, useQuery } from '@tanstack/react-query';
import { tableFiles, type TableFiles } from '#shared/contract/tables.ts';
import { requestJson } from '#web/lib/api-client.ts';

function getTableFiles(table: string, ref: string, signal: AbortSignal): Promise<TableFiles> {
  return requestJson(tableFiles, `tables/${encodeURIComponent(table)}/files`, { query: { ref }, signal });
}

const tableFilesQuery = (table: string, ref: string) =>
  queryOptions({
    queryKey: ['tables', 'files', table, ref],
    queryFn: ({ signal }) => getTableFiles(table, ref, signal),
  });

/** Data files of a table's current snapshot, with the bounds that queries are pruned by. */
export function useTableFiles(table: string, ref: string) {
  return useQuery(tableFilesQuery(table, ref));
}
