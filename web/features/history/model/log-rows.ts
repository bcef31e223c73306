import type { LogEntry } from '#shared/contract/refs.ts';
import { formatDay } from '#web/lib/format/instants.ts';

/** A line of the list: the heading of a day, or a commit with its place among the commits. */
export type LogRow =
  | { readonly kind: 'day'; readonly key: string; readonly day: string }
  | { readonly kind: 'commit'; readonly key: string; readonly entry: LogEntry; readonly index: number };

/** Commits with a heading for each local day. */
export function logRows(entries: readonly LogEntry[]): LogRow[] {
  const rows: LogRow[] = [];
  let day = '';
  for (const [index, entry] of entries.entries()) {
    const own = formatDay(entry.time);
    // Commits are in the order of history, and clocks may not be: a day may come twice.
    if (own !== day) rows.push({ kind: 'day', key: `day ${index}`, day: own });
    day = own;
    rows.push({ kind: 'commit', key: entry.hash, entry, index });
  }
  return rows;
}

/** Which commit a key leads to from commit `at` (-1: none is selected); null where the key is not the list's. */
export function moveInLog(at: number, key: string, count: number, page: number): number | null {
  if (count === 0) return null;
  const to = {
    ArrowDown: at + 1,
    j: at + 1,
    ArrowUp: at - 1,
    k: at - 1,
    PageDown: at + page,
    PageUp: at - page,
    Home: 0,
    End: count - 1,
  }[key];
  return to === undefined ? null : Math.min(Math.max(to, 0), count - 1);
}
