import { useEffect } from 'react';
import type { ColumnStatsView } from '#web/duckdb/relation/use-column-stats.ts';

/** Has the statistics of one column computed. */
export function useWanted({ want }: ColumnStatsView, column: number): void {
  useEffect(() => want([column]), [want, column]);
}
