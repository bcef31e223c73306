import { AppError } from '#shared/errors/app-error.ts';
import type { Plan } from '#shared/contract/plan.ts';
import { readDuckDbFailure } from '#shared/sql/duckdb-failure.ts';
import { ArrowResultTable, collectArrow } from '#web/lib/arrow-result-table.ts';
import type { Segment } from './cache/column-cache.ts';
import type { ColumnLoader } from './cache/column-loader.ts';
import { openScans } from './cache/open-scans.ts';
import type { EngineConnection } from './engine/connection.ts';
import type { Engine } from './engine/engine.ts';
import { exactSql } from './exact-sql.ts';
import type { RowTaker } from './types.ts';
import { markStopped } from './user-timing.ts';

export interface TabRun {
  readonly engine: Engine;
  readonly plan: Plan;
  /** Statements that make readable what no scan of the plan does. */
  readonly views: readonly string[];
  /** They hold every column of the plan, and stay until the run has ended. */
  readonly segments: readonly Segment[];
  readonly loader: Pick<ColumnLoader, 'expose' | 'settle'>;
  readonly maxRows: number;
  /** Gets the rows instead, and may take its time over them. */
  readonly taker: RowTaker | undefined;
  readonly signal: AbortSignal;
}

/** An engine that has not stopped a query by then is taken for broken. */
const STOP_MS = 5000;
const AGAIN_MS = 100;
/** Of a query whose failure is not told. */
const MOST_TRIES = 4;

interface TabAnswer {
  readonly table: ArrowResultTable;
  readonly truncated: boolean;
}

/**
 * Runs a plan in the tab's engine, on a connection of its own.
 * @throws what DuckDB throws (see tabError); TIMEOUT after the plan's time; AbortError after `signal`
 */
export async function runInTab(run: TabRun): Promise<TabAnswer> {
  // Where rows are taken, what runs is not the plan's own SQL, and no row is given twice.
  if (run.taker !== undefined) return attempt(run, false);
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt(run, tries === 1);
    } catch (error) {
      // A thread of DuckDB that fails stops the others, and what one of these says may be heard first: nobody stopped
      // the query, and what is wrong with it is not told.
      if (tries === MOST_TRIES || readDuckDbFailure(error).type !== 'INTERRUPT') throw error;
    }
  }
}

/** @param loose whether rows may be read that can be read once */
async function attempt(
  { engine, plan, views, segments, loader, maxRows, taker, signal }: TabRun,
  loose: boolean,
): Promise<TabAnswer> {
  const connection = await engine.connect();
  let endedAt: number | null = null;
  let again: ReturnType<typeof setInterval> | undefined;
  let closeScans: (() => Promise<void>) | null = null;
  const interrupt = () => {
    endedAt ??= performance.now();
    connection.interrupt();
    // One that comes between two statements stops nothing.
    again ??= setInterval(() => connection.interrupt(), AGAIN_MS);
  };
  const timeoutMs = taker === undefined ? plan.timeoutMs : undefined;
  const timer = timeoutMs === undefined ? undefined : setTimeout(interrupt, timeoutMs);
  signal.addEventListener('abort', interrupt, { once: true });
  try {
    closeScans = await openScans({ connection, plan, loose, segments, loader, signal });
    for (const view of views) await connection.run(view);
    signal.throwIfAborted();
    if (taker !== undefined) {
      await taker.take(untilAborted(connection.stream(taker.sql(plan)), signal), plan);
      return { table: new ArrowResultTable(plan.columns, [], 0), truncated: false };
    }
    return await collectArrow(plan.columns, connection.stream(exactSql(plan)), { maxRows });
  } catch (error) {
    signal.throwIfAborted();
    throw endedAt === null ? error : tookTooLong(timeoutMs);
  } finally {
    clearTimeout(timer);
    clearInterval(again);
    signal.removeEventListener('abort', interrupt);
    await closeInTime(engine, connection);
    // A dead engine has no views left to drop.
    await closeScans?.().catch(() => undefined);
    if (endedAt !== null) markStopped(endedAt);
  }
}

/** Whoever takes rows may be slow, and the query have ended long before. */
async function* untilAborted(
  pieces: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) {
    signal.throwIfAborted();
    yield piece;
  }
  // Nor is what was cancelled after the last piece taken for a whole.
  signal.throwIfAborted();
}

function tookTooLong(timeoutMs = 0): AppError {
  const seconds = Math.round(timeoutMs / 1000);
  return new AppError(
    'TIMEOUT',
    `The query ran in this tab for longer than ${seconds} s and was stopped. Read less, or raise QUERY_TIMEOUT_SECONDS of the server.`,
  );
}

async function closeInTime(engine: Engine, connection: EngineConnection): Promise<void> {
  const timer = setTimeout(() => engine.die('it did not stop a query'), STOP_MS);
  try {
    await connection.close();
  } catch {
    // A dead engine has no connections left to close.
  } finally {
    clearTimeout(timer);
  }
}
