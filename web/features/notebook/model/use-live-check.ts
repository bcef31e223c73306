import { useEffect, useEffectEvent, useRef, useState } from 'react';
import type { AppError } from '#shared/errors/app-error.ts';
import { checkSql } from '../api/check-sql.ts';
import { checkCell, type CheckedText } from './live-check.ts';
import type { NotebookStore } from './notebook-store.ts';

/** Milliseconds without a key after which a text is looked at. */
const PAUSE = 500;

interface Found extends CheckedText {
  readonly source: string;
}

/** What is wrong with the text of a cell that is being written; null while it is not known. */
export function useLiveCheck(
  store: NotebookStore,
  cell: { readonly id: string; readonly source: string },
  ref: string,
  editing: boolean,
): AppError | null {
  const [found, setFound] = useState<Found | null>(null);
  const opened = useRef(cell.source);
  const { id, source } = cell;
  const check = useEffectEvent(async (signal: AbortSignal) => {
    const checked = await checkCell(
      { id, source, ref },
      {
        check: checkSql,
        compose: (sql, stop) =>
          store.relations.needsCells(sql) ? store.relations.compose(id, sql, ref, stop) : null,
        nameOf: (other) => store.nameOf(other),
      },
      signal,
    );
    if (!signal.aborted) setFound(checked === null ? null : { source, ...checked });
  });
  const pause = useEffectEvent(() => (editing ? PAUSE : 0));

  useEffect(() => {
    // A text that nobody touched was checked when it was written; opening a notebook asks nothing.
    if (source === opened.current) return;
    const stop = new AbortController();
    const timer = setTimeout(() => void check(stop.signal), pause());
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [source]);

  if (found?.source !== source) return null;
  return editing && found.unfinished ? null : found.error;
}
