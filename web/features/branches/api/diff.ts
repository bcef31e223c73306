import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
  useInfiniteQuery,
  useQuery,
} from '@tanstack/react-query';
import {
  catalogDiff,
  tableDiff,
  type CatalogDiff,
  type TableDiff,
  type TableDiffRequest,
} from '#shared/contract/diff.ts';
import { requestJson } from '#web/lib/api-client.ts';
import type { RowFilter } from '../model/row-view.ts';

const PAGE = 200;
const ROWS = 500;

function getDiff(from: string, to: string, offset: number, signal: AbortSignal): Promise<CatalogDiff> {
  return requestJson(catalogDiff, 'diff', {
    query: { from, to, since: 'merge-base', limit: PAGE, offset },
    signal,
  });
}

const diffQuery = (from: string, to: string) =>
  infiniteQueryOptions({
    queryKey: ['refs', 'diff', from, to],
    queryFn: ({ pageParam, signal }) => getDiff(from, to, pageParam, signal),
    initialPageParam: 0,
    getNextPageParam: (page) => page.next,
  });

/** What `to` changed since it parted from `from`, table by table. No rows are read. */
export function useDiff(from: string, to: string) {
  return useInfiniteQuery(diffQuery(from, to));
}

export interface RowDiffRequest {
  readonly table: string;
  readonly from: string;
  readonly to: string;
  /** Columns that say which row is which; undefined: the table's own; none: whole rows. */
  readonly keys: readonly string[] | undefined;
}

function diffTable(
  { table, from, to, keys }: RowDiffRequest,
  page: RowFilter & { limit: number; offset: number },
  signal: AbortSignal,
): Promise<TableDiff> {
  const body: TableDiffRequest = {
    from,
    to,
    since: 'merge-base',
    ...(keys === undefined ? {} : { keys: [...keys] }),
    ...page,
  };
  return requestJson(tableDiff, `tables/${encodeURIComponent(table)}/diff`, { method: 'POST', body, signal });
}

const countsQuery = (request: RowDiffRequest) =>
  queryOptions({
    queryKey: ['refs', 'row-diff', request, 'counts'],
    queryFn: ({ signal }) => diffTable(request, { limit: 0, offset: 0 }, signal),
  });

/** How many rows were added, removed and changed. The rows stay where they are. */
export function useRowCounts(request: RowDiffRequest) {
  return useQuery({ ...countsQuery(request), placeholderData: keepPreviousData });
}

const rowsQuery = (request: RowDiffRequest, filter: RowFilter) =>
  infiniteQueryOptions({
    queryKey: ['refs', 'row-diff', request, 'rows', filter],
    queryFn: ({ pageParam, signal }) =>
      diffTable(request, { ...filter, limit: ROWS, offset: pageParam }, signal),
    initialPageParam: 0,
    getNextPageParam: (page) => page.next,
  });

/** The rows themselves, page by page. Another filter keeps the old ones until the new are there. */
export function useRowDiff(request: RowDiffRequest, filter: RowFilter) {
  return useInfiniteQuery({ ...rowsQuery(request, filter), placeholderData: keepPreviousData });
}
