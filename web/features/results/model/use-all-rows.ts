import { useCallback, useEffect, useState, useSyncExternalStore } from 'react';
import type { KeptResult } from '#shared/contract/results.ts';
import type { ResultColumn } from '#shared/contract/plan.ts';
import { isAbortError } from '#shared/errors/app-error.ts';
import { dropRows, keepRows, readRows } from '../api/kept-rows.ts';
import { PagedTable } from './paged-table.ts';

/** What a person asked for all rows of. */
export interface WholeSource {
  readonly sql: string;
  readonly ref: string;
  /** As the page calls them. */
  readonly columns: readonly ResultColumn[];
}

interface Opened {
  readonly of: WholeSource;
  readonly table: PagedTable | null;
  readonly error: unknown;
}

export interface AllRows {
  /** Null until all rows can be scrolled to. */
  readonly table: PagedTable | null;
  /** The server runs the query to its end. */
  readonly asking: boolean;
  /** Why there are none, or no more. */
  readonly error: unknown;
  readonly start: () => void;
  /** Back to the rows that the page holds. */
  readonly stop: () => void;
}

/**
 * All rows of a query of which the page holds the first: the server runs it to its end and keeps its rows, and the page
 * fetches those that are looked at.
 *
 * @param source kept by its identity: with another one, it is over
 */
export function useAllRows(source: WholeSource): AllRows {
  const [wanted, setWanted] = useState<{ readonly of: WholeSource; readonly attempt: number } | null>(null);
  const [opened, setOpened] = useState<Opened | null>(null);
  const attempt = wanted?.of === source ? wanted.attempt : 0;
  const asked = attempt > 0;

  useEffect(() => {
    if (attempt === 0) return undefined;
    const stop = new AbortController();
    let kept: KeptResult | null = null;
    let table: PagedTable | null = null;
    const open = async () => {
      const { sql, ref, columns } = source;
      const rows = await keepRows({ sql, ref }, stop.signal);
      kept = rows;
      table = new PagedTable({
        columns,
        rowCount: rows.rows,
        read: (page, signal) => readRows(rows, page, signal),
      });
      await table.begin();
      if (!stop.signal.aborted) setOpened({ of: source, table, error: null });
    };
    open().catch((error: unknown) => {
      if (!stop.signal.aborted && !isAbortError(error)) setOpened({ of: source, table: null, error });
    });
    return () => {
      stop.abort();
      table?.stop();
      if (kept !== null) dropRows(kept);
      setOpened(null);
    };
  }, [attempt, source]);

  const current = asked && opened?.of === source ? opened : null;
  const table = current?.table ?? null;
  const failure = useSyncExternalStore(
    table?.onDemand.subscribe ?? nothing,
    useCallback(() => table?.failure() ?? null, [table]),
  );
  return {
    table,
    asking: asked && current === null,
    error: current?.error ?? failure,
    start: () => setWanted({ of: source, attempt: attempt + 1 }),
    stop: () => setWanted(null),
  };
}

const nothing = () => () => undefined;
