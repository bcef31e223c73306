import type { FlatBatch } from '../parquet/flat-batch.ts';
import { BLOCK, blockColumn, placeBatch } from './arrow-block.ts';
import { joinBatches } from './joined-batch.ts';
import { allocate, duckdbConnection, NO_ROOM, runSql, type EngineModule } from './engine-module.ts';

/** Rows in DuckDB's memory under the name of a view, which reads them once. */
export interface BlockView {
  readonly view: string;
  /** Address; see placeBatch. */
  readonly block: number;
}

/** There only while rows are inserted. */
const INCOMING = 'timestream_incoming_rows';

/**
 * Rows that DuckDB reads where they lie in its own memory: there is no message to write and to read, as with an Arrow
 * stream. Failures are what DuckDB says; null where nothing went wrong.
 */
export class ArrowRows {
  readonly #engine: EngineModule;
  /** By view: where the pointer to its stream is. */
  readonly #streams = new Map<string, number>();

  constructor(engine: EngineModule) {
    this.#engine = engine;
  }

  /** Appends rows to a table by position, casting to its types, in one transaction. @param table as SQL writes it */
  insert(connection: number, table: string, batches: readonly FlatBatch[]): string | null {
    const blocks = this.keep(batches);
    if (blocks === null) return NO_ROOM;
    try {
      return this.insertKept(connection, table, blocks, batches[0]?.columns.length ?? 0);
    } finally {
      this.free(blocks);
    }
  }

  /** Addresses of what is to be freed, one where batches can be joined; null, and nothing is kept, where there is no room. */
  keep(batches: readonly FlatBatch[]): readonly number[] | null {
    const blocks: number[] = [];
    const joined = joinBatches(batches);
    for (const each of joined ? [joined] : batches.map((batch) => joinBatches([batch]))) {
      const block = each && placeBatch(this.#engine, each);
      if (block === null) {
        this.free(blocks);
        return null;
      }
      blocks.push(block);
    }
    return blocks;
  }

  /** As insert, of what is kept, and stays so. @param columns how many the blocks have */
  insertKept(connection: number, table: string, blocks: readonly number[], columns: number): string | null {
    const views = blocks.map((block, number) => ({ view: `${INCOMING}_${number}`, block }));
    const failure = this.expose(connection, views);
    if (failure !== null) return failure;
    const list = Array.from({ length: columns }, (_, index) => blockColumn(index)).join(', ');
    const rows = views.map(({ view }) => `SELECT ${list} FROM ${view}`).join(' UNION ALL ');
    try {
      return runSql(this.#engine, duckdbConnection(connection), `INSERT INTO ${table} ${rows}`);
    } finally {
      this.hide(
        connection,
        views.map(({ view }) => view),
      );
    }
  }

  /** Makes views in the connection's own schema, which every connection sees. Each can be read once. */
  expose(connection: number, views: readonly BlockView[]): string | null {
    const failure = this.#exposeAll(duckdbConnection(connection), views);
    if (failure !== null)
      this.hide(
        connection,
        views.map(({ view }) => view),
      );
    return failure;
  }

  /** Drops views that `expose` made on this connection, or on another one with the same schema. */
  hide(connection: number, views: readonly string[]): void {
    const { exports } = this.#engine;
    for (const view of views) {
      const stream = this.#streams.get(view);
      if (stream === undefined) continue;
      this.#streams.delete(view);
      runSql(this.#engine, duckdbConnection(connection), `DROP VIEW IF EXISTS ${view}`);
      exports.duckdb_destroy_arrow_stream(stream);
      exports.free(stream);
    }
  }

  /** Not while a view of them is there. */
  free(blocks: readonly number[]): void {
    for (const block of blocks) this.#engine.exports.free(block);
  }

  #exposeAll(connection: number, views: readonly BlockView[]): string | null {
    const { exports, memory } = this.#engine;
    for (const { view, block } of views) {
      const name = new TextEncoder().encode(`${view}\0`);
      const stream = allocate(this.#engine, 8 + name.length);
      if (stream === 0) return NO_ROOM;
      const bytes = new Uint8Array(memory.buffer, stream, 8 + name.length);
      bytes.fill(0);
      bytes.set(name, 8);
      const [schema, array] = [block + BLOCK.schema, block + BLOCK.array];
      if (exports.duckdb_arrow_array_scan(connection, stream + 8, schema, array, stream) !== 0) {
        exports.free(stream);
        return 'INTERNAL Error: the rows of a file can’t be read where they lie.';
      }
      this.#streams.set(view, stream);
    }
    return null;
  }
}
