import type { LogEntry } from '#shared/contract/refs.ts';
import { parseRefExpression } from '#shared/refs/ref-expression.ts';
import { AppError } from '#shared/errors/app-error.ts';

/** Which ref's log is shown for a ref expression, and where in it the page reads. */
export interface LogPlace {
  /** Branch, tag or bare hash. In the past it is still the whole log, so that the way back to now is in sight. */
  readonly ref: string;
  /** The commit that the page reads, as far as the expression says it; a time has yet to be looked up. */
  readonly hash: string | null;
  readonly time: Date | null;
}

export function logPlace(expression: string): LogPlace {
  try {
    const ref = parseRefExpression(expression);
    if (ref.kind === 'commit') return { ref: ref.name ?? ref.hash, hash: ref.hash, time: null };
    return { ref: ref.name, hash: null, time: ref.kind === 'time' ? ref.time : null };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { ref: expression, hash: null, time: null };
  }
}

/** Place in `entries` (newest first) of the commit that the page reads; -1 where it is not among them. */
export function readCommit(place: LogPlace, entries: readonly LogEntry[]): number {
  const { hash, time } = place;
  if (hash !== null) return entries.findIndex((entry) => entry.hash.startsWith(hash));
  if (time !== null) return entries.findIndex((entry) => Date.parse(entry.time) <= time.getTime());
  return entries.length > 0 ? 0 : -1;
}
