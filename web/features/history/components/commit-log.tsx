import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useId, useMemo, useRef, type KeyboardEvent } from 'react';
import type { LogEntry } from '#shared/contract/refs.ts';
import { logRows, moveInLog, type LogRow } from '../model/log-rows.ts';
import { CommitRow } from './commit-row.tsx';

interface CommitLogProps {
  /** Newest first. */
  readonly entries: readonly LogEntry[];
  /** There are older commits that are not loaded yet. */
  readonly more: boolean;
  readonly loading: boolean;
  readonly onMore: () => void;
  readonly selected: string | undefined;
  readonly onSelect: (hash: string | undefined) => void;
  /** Enter: the focus goes to what is known about the commit. */
  readonly onInspect: () => void;
  /** Place of the commit that the page reads; -1 where it is not loaded. */
  readonly here: number;
  readonly past: boolean;
}

const ROW = 28;
const DAY = 32;

/** The commits on a line. One stop for Tab; arrows, j and k move. */
export function CommitLog(props: CommitLogProps) {
  const { entries, more, loading, onMore, selected, onSelect, here, past } = props;
  const listId = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useMemo(() => logRows(entries), [entries]);
  const at = entries.findIndex((entry) => entry.hash === selected);
  // oxlint-disable-next-line react/incompatible-library -- nothing that is memoized gets its values
  const virtual = useVirtualizer({
    count: rows.length + (more ? 1 : 0),
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (rows[index]?.kind === 'day' ? DAY : ROW),
    getItemKey: (index) => rows[index]?.key ?? 'more',
    overscan: 12,
  });
  const items = virtual.getVirtualItems();
  const lastShown = items.at(-1)?.index ?? 0;

  useEffect(() => {
    if (more && !loading && lastShown >= rows.length - 20) onMore();
  }, [more, loading, lastShown, rows.length, onMore]);

  // Whether a key, a link or the inspector chose it: the selected commit comes into view, and with the first of a day
  // its heading.
  const selectedRow = rows.findIndex((row) => row.kind === 'commit' && row.index === at);
  const rowAbove = rows[selectedRow - 1]?.kind === 'day' ? selectedRow - 1 : selectedRow;
  const scrollTo = useRef(virtual.scrollToIndex);
  useEffect(() => {
    scrollTo.current = virtual.scrollToIndex;
  });
  useEffect(() => {
    if (selectedRow < 0) return;
    scrollTo.current(rowAbove, { align: 'auto' });
    scrollTo.current(selectedRow, { align: 'auto' });
  }, [selectedRow, rowAbove]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / ROW) - 1);
    const next = moveInLog(at, event.key, entries.length, page);
    if (next !== null) onSelect(entries[next]?.hash);
    else if (event.key === 'Enter' && at >= 0) props.onInspect();
    else if (event.key === 'Escape' && at >= 0) onSelect(undefined);
    else return;
    event.preventDefault();
  };

  return (
    <div
      ref={scroller}
      role="grid"
      tabIndex={0}
      aria-label="Commits"
      aria-busy={loading}
      aria-rowcount={more ? -1 : entries.length}
      aria-activedescendant={at < 0 ? undefined : `${listId}-${at}`}
      onKeyDown={onKeyDown}
      className="@container min-h-0 flex-1 overflow-y-auto focus-visible:outline-none [&:focus-visible_[aria-selected=true]]:outline-2 [&:focus-visible_[aria-selected=true]]:-outline-offset-2 [&:focus-visible_[aria-selected=true]]:outline-accent"
    >
      <div role="presentation" className="relative" style={{ height: virtual.getTotalSize() }}>
        {items.map((item) => (
          <div
            key={item.key}
            role="presentation"
            className="absolute inset-x-0 top-0"
            style={{ height: item.size, transform: `translateY(${item.start}px)` }}
          >
            <Line
              row={rows[item.index]}
              listId={listId}
              selected={selected}
              here={here}
              past={past}
              isLast={item.index === rows.length - 1 && !more}
              onSelect={onSelect}
            />
          </div>
        ))}
      </div>
    </div>
  );
}

interface LineProps {
  /** Undefined for the line that says that older commits are on their way. */
  readonly row: LogRow | undefined;
  readonly listId: string;
  readonly selected: string | undefined;
  readonly here: number;
  readonly past: boolean;
  readonly isLast: boolean;
  readonly onSelect: (hash: string) => void;
}

function Line({ row, listId, selected, here, past, isLast, onSelect }: LineProps) {
  if (!row) return <LoadingLine />;
  if (row.kind === 'day') {
    return (
      <div role="row" className="relative flex h-full items-end pb-1 pl-11 text-xs text-ink-3">
        {row.key !== 'day 0' && (
          <span className="absolute top-0 left-[19px] h-full w-[1.5px] bg-line-strong" />
        )}
        <span role="gridcell">{row.day}</span>
      </div>
    );
  }
  const isHere = row.index === here;
  return (
    <CommitRow
      entry={row.entry}
      id={`${listId}-${row.index}`}
      position={row.index + 1}
      selected={row.entry.hash === selected}
      here={isHere ? (past ? 'past' : 'now') : null}
      line={LINES[row.index > 0 ? 1 : 0][isLast ? 0 : 1]}
      onSelect={onSelect}
    />
  );
}

function LoadingLine() {
  return (
    <div role="row" className="flex h-7 items-center pl-11 text-ink-3">
      <span role="gridcell">Loading older commits…</span>
    </div>
  );
}

/** By "has a newer commit" and "has an older one"; constants, so that rows that did not change are not drawn anew. */
const LINES = [
  [
    { up: false, down: false },
    { up: false, down: true },
  ],
  [
    { up: true, down: false },
    { up: true, down: true },
  ],
] as const;
