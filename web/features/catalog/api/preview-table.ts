import { queryOptions, useQuery } from '@tanstack/react-query';
import { AppError } from '#shared/errors/app-error.ts';
import type { TableDetail } from '#shared/contract/tables.ts';
import type { QuerySession, RunOutcome } from '#web/duckdb/types.ts';
import { SHOWN_ROWS, previewSql, type PreviewKind } from '../model/table-sql.ts';

function previewTable(
  session: QuerySession,
  table: TableDetail,
  { kind, ref }: { readonly kind: PreviewKind; readonly ref: string },
  signal: AbortSignal,
): Promise<RunOutcome> {
  const handle = session.run({
    sql: previewSql(table, kind),
    ref,
    preference: 'auto',
    maxRows: SHOWN_ROWS,
  });
  signal.addEventListener('abort', () => handle.cancel());
  return handle.result;
}

/** Asked for anew only when the table has another snapshot: the same one always has the same rows. */
const previewQuery = (
  session: QuerySession,
  table: TableDetail | undefined,
  asked: { readonly kind: PreviewKind; readonly ref: string },
) =>
  queryOptions({
    queryKey: ['preview', table?.uuid, table?.currentSnapshotId, table?.schemaId, asked.kind],
    queryFn: ({ signal }) => {
      if (!table) throw new AppError('INTERNAL', 'There is no table to preview.');
      return previewTable(session, table, asked, signal);
    },
    enabled: table !== undefined,
    staleTime: Infinity,
  });

/** Some rows of a table at a ref expression. */
export function useTablePreview(
  session: QuerySession,
  table: TableDetail | undefined,
  asked: { readonly kind: PreviewKind; readonly ref: string },
) {
  return useQuery({
    ...previewQuery(session, table, asked),
    placeholderData: (previous, query) => (query?.queryKey[1] === table?.uuid ? previous : undefined),
  });
}
