import { useCallback, useEffect, useMemo, useSyncExternalStore } from 'react';
import type { ColumnStats } from '#web/lib/relation/column-stats.ts';
import type { ColumnFilter } from '#web/lib/relation/relation-sql.ts';
import type { AskableResult } from './ask-result.ts';
import { ColumnStatsStore } from './column-stats-store.ts';

export interface ColumnStatsView {
  /** Undefined as long as it is not computed. */
  readonly of: (column: number) => ColumnStats | 'failed' | undefined;
  /** Which columns are in view; only theirs are computed. */
  readonly want: (columns: readonly number[]) => void;
  /** Why a column failed; null where none did. */
  readonly failure: unknown;
  /** Asks again for those that failed. */
  readonly retry: () => void;
  /** Grows with every change of what `of` answers. */
  readonly version: number;
}

/** Statistics of the columns in view over the rows that the filters leave; null turns it off. */
export function useColumnStats(
  result: AskableResult | null,
  filters: readonly ColumnFilter[],
): ColumnStatsView {
  const store = useMemo(
    () => (result === null ? null : new ColumnStatsStore(result, filters)),
    [result, filters],
  );
  useEffect(() => {
    store?.open();
    return () => store?.close();
  }, [store]);
  const subscribe = useCallback(
    (listener: () => void) => store?.subscribe(listener) ?? (() => undefined),
    [store],
  );
  const version = useSyncExternalStore(subscribe, () => store?.version() ?? 0);
  const failure = useSyncExternalStore(subscribe, () => store?.failure() ?? null);
  const of = useCallback((column: number) => store?.get(column), [store]);
  const want = useCallback((columns: readonly number[]) => store?.want(columns), [store]);
  const retry = useCallback(() => store?.retry(), [store]);
  return useMemo(() => ({ of, want, retry, version, failure }), [of, want, retry, version, failure]);
}
