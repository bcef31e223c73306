import type { EngineStatus, RunOutcome } from './types.ts';

/**
 * What the tab leaves in the browser's User Timing, for the performance panel and for benchmarks. Times are
 * milliseconds since the navigation.
 *
 * - `timestream.engine-start`: from the first step of the engine's start until it takes queries; `detail` is
 *   {bundle, threads}. Again after each restart.
 * - `timestream.run`: a query that was answered, from its request until its rows are in the page (not yet drawn);
 *   `detail` is {engine, timings}, as in RunOutcome. A run that fails or is cancelled leaves none.
 * - `timestream.warmed`: columns of a query that another engine answered, from the turn of their load until the
 *   tab holds them; `detail` is {bytes} of the files read, 0 where the tab held all. A load that fails leaves none.
 * - `timestream.rehearsed`: a rehearsal (see rehearsal.ts) that came to its end; none where it was stopped.
 * - `timestream.held`: a moment, the tab having compressed what it loaded; `detail` is {bytes, fileBytes, columns}: the
 *   memory that columns take, what they are in their Parquet files, and how many they are.
 * - `timestream.stopped`: from the word to stop a query that the tab's engine computes until the engine has ended it.
 */
export function markEngineStart(start: number, detail: Pick<EngineStatus, 'bundle' | 'threads'>): void {
  performance.measure('timestream.engine-start', { start, end: performance.now(), detail });
}

export function markRun(
  start: number,
  engine: RunOutcome['engine']['used'],
  timings: RunOutcome['timings'],
): void {
  performance.measure('timestream.run', {
    start,
    end: start + timings.total,
    detail: { engine, timings },
  });
}

export function markWarmed(start: number, bytes: number): void {
  performance.measure('timestream.warmed', { start, end: performance.now(), detail: { bytes } });
}

export function markRehearsed(start: number): void {
  performance.measure('timestream.rehearsed', { start, end: performance.now() });
}

export function markHeld(detail: { bytes: number; fileBytes: number; columns: number }): void {
  performance.mark('timestream.held', { detail });
}

export function markStopped(start: number): void {
  performance.measure('timestream.stopped', { start, end: performance.now() });
}
