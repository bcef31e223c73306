import { isAbortError, isAppError } from '#shared/errors/app-error.ts';
import {
  binningsOf,
  distributionsSql,
  figuresSql,
  readDistributions,
  readFigures,
  type ColumnStats,
} from '#web/lib/relation/column-stats.ts';
import type { ColumnFilter } from '#web/lib/relation/relation-sql.ts';
import type { QueryHandle, RunOutcome } from '../types.ts';
import type { AskableResult } from './ask-result.ts';

/** Columns of one query. A thousand would be one statement that holds the engine for long. */
const BATCH = 24;
/** Between coming into view and being asked for: who scrolls past asks nothing. */
const SETTLE_MS = 120;

/**
 * Statistics of the columns in view, computed by the engine over all rows. Only what is seen is ever asked for, a batch
 * at a time, the newest view first; what is known stays known.
 */
export class ColumnStatsStore {
  readonly #result: AskableResult;
  readonly #filters: readonly ColumnFilter[];
  readonly #known = new Map<number, ColumnStats | 'failed'>();
  readonly #listeners = new Set<() => void>();
  #wanted: readonly number[] = [];
  #handle: QueryHandle | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #working = false;
  #closed = false;
  #version = 0;
  #failure: unknown = null;

  constructor(result: AskableResult, filters: readonly ColumnFilter[]) {
    this.#result = result;
    this.#filters = filters;
  }

  /** Grows with every change. */
  readonly version = (): number => this.#version;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Why the last column that failed did; null where none did. */
  readonly failure = (): unknown => this.#failure;

  /** Asks again for what failed. */
  readonly retry = (): void => {
    for (const [column, stats] of this.#known) if (stats === 'failed') this.#known.delete(column);
    this.#failure = null;
    this.#changed();
    this.want(this.#wanted);
  };

  /** Undefined as long as it is not computed. */
  get(column: number): ColumnStats | 'failed' | undefined {
    return this.#known.get(column);
  }

  /** Which columns are in view now; those that were before are not computed any more. */
  want(columns: readonly number[]): void {
    this.#wanted = columns;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (!this.#working) void this.#work();
    }, SETTLE_MS);
  }

  /** After close(), goes on as if nothing had been. */
  open(): void {
    if (!this.#closed) return;
    this.#closed = false;
    this.want(this.#wanted);
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#handle?.cancel();
  }

  async #work(): Promise<void> {
    this.#working = true;
    for (;;) {
      const columns = this.#wanted.filter((column) => !this.#known.has(column)).slice(0, BATCH);
      // While the view moves, the engine is left alone; the timer goes on from there.
      if (columns.length === 0 || this.#closed || this.#timer !== undefined) break;
      try {
        await this.#compute(columns);
      } catch (error) {
        if (this.#closed || isAbortError(error)) break;
        if (ofAll(error)) for (const column of columns) this.#fail(column, error);
        // Among many columns one may be beyond its type's functions: the others are still to be had.
        else
          for (const column of columns)
            await this.#compute([column]).catch((own: unknown) => this.#fail(column, own));
      }
    }
    this.#working = false;
  }

  async #compute(columns: readonly number[]): Promise<void> {
    const { relation } = this.#result;
    const first = await this.#ask(figuresSql(relation, this.#filters, columns));
    const figures = readFigures(first.table, columns);
    const binnings = binningsOf(relation, columns, figures);
    const distributions =
      binnings.length === 0
        ? new Map<number, never>()
        : readDistributions(
            (await this.#ask(distributionsSql(relation, this.#filters, binnings))).table,
            binnings,
          );
    for (const [at, column] of columns.entries()) {
      const known = figures[at];
      if (known === undefined) continue;
      const { from: _, to: __, ...rest } = known;
      this.#known.set(column, { ...rest, distribution: distributions.get(column) ?? null });
    }
    this.#changed();
  }

  async #ask(sql: string): Promise<RunOutcome> {
    const handle = this.#result.ask(sql, 1);
    this.#handle = handle;
    return handle.result;
  }

  #fail(column: number, error: unknown): void {
    if (this.#closed) return;
    this.#known.set(column, 'failed');
    this.#failure = error;
    this.#changed();
  }

  #changed(): void {
    this.#version += 1;
    for (const listener of this.#listeners) listener();
  }
}

/** Not of a column: the next question would fail alike. */
function ofAll(error: unknown): boolean {
  return isAppError(error, 'UNAVAILABLE') || isAppError(error, 'UNAUTHENTICATED');
}
