import type { ResultColumn } from '#shared/contract/plan.ts';
import { isAbortError } from '#shared/errors/app-error.ts';
import type { CellValue, ResultTable, RowsOnDemand } from '#web/lib/result-table.ts';

/** Of a page, about: a second's scrolling, and no more than a moment's transfer. */
const PAGE_CELLS = 200_000;
const PAGE_ROWS = { least: 200, most: 10_000 } as const;
/** Of the pages that are held; those that were looked at longest ago go. */
const MOST_BYTES = 128 * 1024 ** 2;
/** Under way at a time. */
const REQUESTS = 2;

/** Rows of a page. */
export type Page = ResultTable & { readonly byteLength: number };

export interface PageSource {
  readonly columns: readonly ResultColumn[];
  readonly rowCount: number;
  readonly read: (page: { offset: number; limit: number }, signal: AbortSignal) => Promise<Page>;
}

/**
 * A result of any size of which the page holds what is looked at. It is fetched when it is asked for, the rows of the
 * last look first; what was passed by in scrolling and has not begun is not fetched.
 */
export class PagedTable implements ResultTable {
  readonly columns: readonly ResultColumn[];
  readonly rowCount: number;
  readonly onDemand: RowsOnDemand;
  readonly #source: PageSource;
  readonly #pageRows: number;
  /** By number; the one looked at last is last. */
  readonly #pages = new Map<number, Page>();
  readonly #underWay = new Set<number>();
  readonly #listeners = new Set<() => void>();
  readonly #stop = new AbortController();
  #wanted: readonly number[] = [];
  #bytes = 0;
  #version = 0;
  #failure: unknown = null;

  constructor(source: PageSource) {
    this.columns = source.columns;
    this.rowCount = source.rowCount;
    this.#source = source;
    const rows = Math.floor(PAGE_CELLS / Math.max(1, source.columns.length));
    this.#pageRows = Math.min(PAGE_ROWS.most, Math.max(PAGE_ROWS.least, rows));
    this.onDemand = {
      isHere: (row) => this.#pages.has(this.#pageOf(row)),
      want: (first, last) => this.#want(first, last),
      subscribe: (listener) => {
        this.#listeners.add(listener);
        return () => this.#listeners.delete(listener);
      },
      version: () => this.#version,
    };
  }

  /** Null where the row is not here. */
  value(row: number, column: number): CellValue {
    const page = this.#pageOf(row);
    return this.#pages.get(page)?.value(row - page * this.#pageRows, column) ?? null;
  }

  /** What kept rows from coming; null where nothing did. Until `retry`, no more are fetched. */
  failure(): unknown {
    return this.#failure;
  }

  retry(): void {
    this.#failure = null;
    this.#changed();
    this.#next();
  }

  /** The first rows are here. @throws as the source's read */
  async begin(): Promise<void> {
    if (this.rowCount > 0) await this.#fetch(0);
  }

  stop(): void {
    this.#stop.abort();
  }

  #pageOf(row: number): number {
    return Math.floor(row / this.#pageRows);
  }

  #want(first: number, last: number): void {
    const [from, to] = [this.#pageOf(Math.max(0, first)), this.#pageOf(Math.min(last, this.rowCount - 1))];
    const inView = Array.from({ length: Math.max(0, to - from + 1) }, (_, at) => from + at);
    for (const number of inView) this.#touch(number);
    const beside = [to + 1, from - 1].filter(
      (number) => number >= 0 && number <= this.#pageOf(this.rowCount - 1),
    );
    this.#wanted = [...inView, ...beside];
    this.#next();
  }

  #touch(number: number): void {
    const page = this.#pages.get(number);
    if (page === undefined) return;
    this.#pages.delete(number);
    this.#pages.set(number, page);
  }

  #next(): void {
    if (this.#failure !== null || this.#stop.signal.aborted) return;
    for (const number of this.#wanted) {
      if (this.#underWay.size >= REQUESTS) return;
      if (this.#pages.has(number) || this.#underWay.has(number)) continue;
      this.#fetch(number)
        .catch((error: unknown) => {
          if (!isAbortError(error)) this.#failure = error;
        })
        .finally(() => {
          this.#changed();
          this.#next();
        });
    }
  }

  async #fetch(number: number): Promise<void> {
    this.#underWay.add(number);
    try {
      const page = { offset: number * this.#pageRows, limit: this.#pageRows };
      this.#hold(number, await this.#source.read(page, this.#stop.signal));
    } finally {
      this.#underWay.delete(number);
    }
  }

  #hold(number: number, page: Page): void {
    this.#pages.set(number, page);
    this.#bytes += page.byteLength;
    for (const [oldest, { byteLength }] of this.#pages) {
      if (this.#bytes <= MOST_BYTES) break;
      // What is in view stays, however much it is.
      if (this.#wanted.includes(oldest) || oldest === number) continue;
      this.#pages.delete(oldest);
      this.#bytes -= byteLength;
    }
  }

  #changed(): void {
    this.#version += 1;
    for (const listener of this.#listeners) listener();
  }
}
