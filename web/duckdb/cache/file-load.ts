import { AppError } from '#shared/errors/app-error.ts';
import type { EngineConnection } from '../engine/connection.ts';
import type { DecodePool, DecodePriority } from '../parquet/decode-pool.ts';
import { tabError } from '../tab-error.ts';
import { columnName, type Segment } from './column-cache.ts';
import { needBytes, type FileNeed } from './needs.ts';

/** Who waits for a load. */
export interface Waiter {
  readonly priority: DecodePriority;
  /** Compressed bytes of this load that are in, of needBytes(need). */
  readonly onBytes: (bytes: number) => void;
  /** Called once, as soon as the segment is there: it may be evicted if nobody holds it. */
  readonly hold: (segment: Segment) => void;
}

interface LoadedSegment {
  readonly segment: Segment;
  /** Arrow bytes, before the cache compresses them. */
  readonly bytes: number;
}

/** Brings some columns of one file into a table of the cache. Ends early when the last who waits has left. */
export class FileLoad {
  readonly need: FileNeed;
  readonly #table: string;
  readonly #url: string;
  readonly #pool: DecodePool;
  readonly #connection: EngineConnection;
  readonly #waiters = new Set<Waiter>();
  readonly #stop = new AbortController();

  constructor(need: FileNeed, table: string, url: string, pool: DecodePool, connection: EngineConnection) {
    this.need = need;
    this.#table = table;
    this.#url = url;
    this.#pool = pool;
    this.#connection = connection;
  }

  join(waiter: Waiter): void {
    this.#waiters.add(waiter);
  }

  leave(waiter: Waiter): void {
    this.#waiters.delete(waiter);
    if (this.#waiters.size === 0) this.#stop.abort();
  }

  handOver(segment: Segment): void {
    for (const waiter of this.#waiters) {
      waiter.onBytes(needBytes(this.need));
      waiter.hold(segment);
    }
  }

  get abandoned(): boolean {
    return this.#stop.signal.aborted;
  }

  /** @throws AppError as DecodePool.decode, CORRUPT_FILE where rows or columns are missing; AbortError */
  async run(): Promise<LoadedSegment> {
    let inserted: Promise<void> = Promise.resolve();
    let columns: ReadonlyMap<number, string> = new Map();
    let bytes = 0;
    let rows = 0;
    const insert = (work: () => Promise<void>) => {
      inserted = inserted.then(() => (this.abandoned ? undefined : work()));
      // Nothing more is decoded for a table that can't take it.
      inserted.catch((error: unknown) => this.#stop.abort(error));
    };
    try {
      await this.#pool.decode(
        {
          url: this.#url,
          bytes: this.need.bytes,
          columns: [...this.need.columns.values()].map((column) => column.name),
        },
        {
          opened: (names) => {
            columns = this.#columnsInOrder(names);
            insert(() => this.#connection.run(this.#createTable(columns)));
          },
          chunk: (ipc, rowsInIt) => {
            bytes += ipc.length;
            rows += rowsInIt;
            const share = this.need.rows === 0 ? 1 : Math.min(1, rows / this.need.rows);
            for (const waiter of this.#waiters) waiter.onBytes(Math.round(share * needBytes(this.need)));
            insert(() => this.#insert(ipc));
          },
        },
        this.#stop.signal,
        () => ([...this.#waiters].some((waiter) => waiter.priority === 0) ? 0 : 1),
      );
      await inserted;
      if (rows !== this.need.rows) {
        throw new AppError(
          'CORRUPT_FILE',
          `The file ${this.need.url} has ${rows} rows where the table’s metadata says ${this.need.rows}.`,
          { context: { path: this.need.url } },
        );
      }
      this.#stop.signal.throwIfAborted();
      return { segment: { table: this.#table, url: this.need.url, rows, columns }, bytes };
    } catch (error) {
      await inserted.catch(() => undefined);
      await this.#connection.run(`DROP TABLE IF EXISTS cache.main.${this.#table}`).catch(() => undefined);
      throw error;
    }
  }

  /** What does not fit the table's types is the file's fault, and no query's. */
  async #insert(ipc: Uint8Array): Promise<void> {
    try {
      await this.#connection.insert(this.#table, ipc);
    } catch (cause) {
      const error = tabError(cause);
      if (error.code !== 'SQL_RUNTIME') throw error;
      const said = error.message.replace(/^.*into table '\w+': /, '');
      throw new AppError('CORRUPT_FILE', `The file ${this.need.url} does not fit its table: ${said}`, {
        context: { path: this.need.url },
        cause,
      });
    }
  }

  #columnsInOrder(names: readonly string[]): ReadonlyMap<number, string> {
    const byName = new Map(
      [...this.need.columns].map(([fieldId, { name, sqlType }]) => [name, { fieldId, sqlType }]),
    );
    const columns = new Map<number, string>();
    for (const name of names) {
      const column = byName.get(name);
      if (column) columns.set(column.fieldId, column.sqlType);
    }
    return columns;
  }

  #createTable(columns: ReadonlyMap<number, string>): string {
    const list = [...columns].map(([fieldId, sqlType]) => `${columnName(fieldId)} ${sqlType}`);
    return `CREATE TABLE cache.main.${this.#table} (${list.join(', ')})`;
  }
}
