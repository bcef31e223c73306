import { setTimeout as delay } from 'node:timers/promises';
import type { BindTable } from './binder.ts';
import type { Binding } from './binder-pool.ts';
import { readColumnNames, type ColumnNames } from './column-names.ts';
import type { ScanUse } from './explain.ts';

/** Names only spare files: a query does not wait long for them. */
const MOST_MS = 2000;
/** What of EXPLAIN's conditions is of use above a scan, as filter-dates.ts reads it. */
const ON_DATES = /\b(?:year|date_?part|strftime)\b|[+-]|CAST/i;

/** Finds out what conditions above scans call columns. */
export class ColumnNaming {
  readonly #open: () => Promise<Pick<Binding, 'serializedPlan'>>;
  #plans: Promise<Pick<Binding, 'serializedPlan'>> | undefined;

  /**
   * @param open an engine whose plans keep every column of their tables: of others DuckDB serializes none that has a
   *   common table expression. It is opened for the first query that needs it.
   */
  constructor(open: () => Promise<Pick<Binding, 'serializedPlan'>>) {
    this.#open = open;
  }

  /** @returns one per table; undefined where nothing is to be had of them */
  async of(
    sql: string,
    tables: readonly BindTable[],
    uses: readonly (ScanUse | null)[],
  ): Promise<readonly ColumnNames[] | undefined> {
    if (!uses.some((use) => use?.above.some((scan) => scan.some((text) => ON_DATES.test(text))) === true))
      return undefined;
    const plan = this.#serialized(sql, tables).catch(() => null);
    const waiting = new AbortController();
    const text = await Promise.race([
      plan,
      delay(MOST_MS, null, { signal: waiting.signal }).catch(() => null),
    ]);
    waiting.abort();
    return text === null ? undefined : readColumnNames(text, tables.length);
  }

  async #serialized(sql: string, tables: readonly BindTable[]): Promise<string> {
    this.#plans ??= this.#open().catch((error: unknown) => {
      this.#plans = undefined;
      throw error;
    });
    return (await this.#plans).serializedPlan(sql, tables);
  }
}
