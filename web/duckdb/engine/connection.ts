import type { AsyncDuckDB } from '@duckdb/duckdb-wasm';
import { tableFromIPC } from 'apache-arrow';
import type { FlatBatch } from '../parquet/flat-batch.ts';
import type { BlockView } from './arrow-rows.ts';
import type { InterruptRequest, RowsTask } from './engine-protocol.ts';

/** What a connection needs of the engine it belongs to. */
export interface ConnectionHost {
  readonly db: AsyncDuckDB;
  /** Settles as `operation` does, or rejects once the engine has died: a dead worker never answers. */
  guard<T>(operation: Promise<T>): Promise<T>;
  rows(task: RowsTask): Promise<readonly number[]>;
  post(message: InterruptRequest): void;
}

/**
 * A piece is 2048 rows at most, and of a filter's result a few; the way to the engine and back would take longer than
 * the query if it were gone for each alone.
 */
const FETCHES_AHEAD = 8;

/** One DuckDB connection in the tab. Statements on one connection come one after the other. */
export class EngineConnection {
  readonly #host: ConnectionHost;
  readonly #id: number;

  constructor(host: ConnectionHost, id: number) {
    this.#host = host;
    this.#id = id;
  }

  /** Runs a statement to its end without letting others in between: for short ones. */
  async run(sql: string): Promise<void> {
    await this.#host.guard(this.#host.db.runQuery(this.#id, sql));
  }

  async rows(sql: string): Promise<readonly Record<string, unknown>[]> {
    const ipc = await this.#host.guard(this.#host.db.runQuery(this.#id, sql));
    return tableFromIPC(ipc)
      .toArray()
      .map((row: { toJSON(): Record<string, unknown> }) => row.toJSON());
  }

  /** Appends rows to a table by position, casting to its types. They are given away. @param table as SQL writes it */
  async insertBatches(table: string, batches: readonly FlatBatch[]): Promise<void> {
    await this.#host.rows({ do: 'insert', connection: this.#id, table, batches });
  }

  /** As insertBatches, of rows that the engine keeps, and goes on keeping. @param columns how many they have */
  async insertKept(table: string, blocks: readonly number[], columns: number): Promise<void> {
    await this.#host.rows({ do: 'insert-kept', connection: this.#id, table, blocks, columns });
  }

  /** Makes views of rows that the engine keeps, in this connection's schema. Each can be read once, by any connection. */
  async expose(views: readonly BlockView[]): Promise<void> {
    await this.#host.rows({ do: 'expose', connection: this.#id, views });
  }

  /** Drops such views. */
  async hide(views: readonly string[]): Promise<void> {
    await this.#host.rows({ do: 'hide', connection: this.#id, views });
  }

  /**
   * Appends a whole Arrow IPC stream to a table by position, casting to its types; or makes the table of it. `ipc` is
   * given away.
   */
  async insert(table: string, ipc: Uint8Array, create = false): Promise<void> {
    const { db } = this.#host;
    await this.#host.guard(
      db.insertArrowFromIPCStream(this.#id, ipc, { schema: 'main', name: table, create }),
    );
  }

  /**
   * The result as pieces of one Arrow IPC stream: the schema, then batches. Between pieces, and while the query
   * computes, other connections get their turn.
   */
  async *stream(sql: string): AsyncGenerator<Uint8Array, void, undefined> {
    const { db } = this.#host;
    let header = await this.#host.guard(db.startPendingQuery(this.#id, sql, true));
    while (header === null) header = await this.#host.guard(db.pollPendingQuery(this.#id));
    yield header;
    const asked: Promise<Uint8Array | null>[] = [];
    for (;;) {
      while (asked.length < FETCHES_AHEAD) asked.push(this.#fetch());
      const piece = await asked.shift();
      if (piece?.length === 0) return;
      if (piece) yield piece;
    }
  }

  /** Makes the running statement fail soon; takes effect at the engine's next pause, some 20 ms away. */
  interrupt(): void {
    this.#host.post({ kind: 'timestream-interrupt', connection: this.#id });
  }

  async close(): Promise<void> {
    // Without the interrupt, closing first runs an unfinished statement to its end.
    this.interrupt();
    await this.#host.guard(this.#host.db.disconnect(this.#id));
  }

  /** Null where the next piece is not ready, nothing in it after the last. */
  #fetch(): Promise<Uint8Array | null> {
    const piece = this.#host.guard(this.#host.db.fetchQueryResults(this.#id));
    // A reader that stops early leaves it alone; its failure is then nobody's.
    piece.catch(() => undefined);
    return piece;
  }
}
