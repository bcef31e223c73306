import { queryOptions, useQuery } from '@tanstack/react-query';
import { AppError } from '#shared/errors/app-error.ts';
import type { TableDetail } from '#shared/contract/tables.ts';
import type { QuerySession, RunOutcome } from '#web/duckdb/types.ts';
import { previewSql } from '../model/table-sql.ts';

function previewTable(
  session: QuerySession,
  table: TableDetail,
  ref: string,
  signal: AbortSignal,
): Promise<RunOutcome> {
  const handle = session.run({ sql: previewSql(table), ref, preference: 'auto' });
  signal.addEventListener('abort', () => handle.cancel());
  return handle.result;
}

/** Asked for anew only when the table has another snapshot: the same one always has the same rows. */
const previewQuery = (session: QuerySession, table: TableDetail | undefined, ref: string) =>
  queryOptions({
    queryKey: ['preview', table?.uuid, table?.currentSnapshotId, table?.schemaId],
    queryFn: ({ signal }) => {
      if (!table) throw new AppError('INTERNAL', 'There is no table to preview.');
      return previewTable(session, table, ref, signal);
    },
    enabled: table !== undefined,
    staleTime: Infinity,
  });

/** The first rows of a table at a ref expression. */
export function useTablePreview(session: QuerySession, table: TableDetail | undefined, ref: string) {
  return useQuery({
    ...previewQuery(session, table, ref),
    placeholderData: (previous, query) => (query?.queryKey[1] === table?.uuid ? previous : undefined),
  });
}
