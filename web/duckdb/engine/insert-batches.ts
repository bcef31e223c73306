import {
  ARRAY,
  ARRAY_POINTERS,
  SCHEMA,
  SCHEMA_POINTERS,
  type FlatBatch,
  type FlatColumn,
} from '../parquet/flat-batch.ts';

/** A DuckDB-WASM module: functions of its C library and of DuckDB's C interface, with addresses as numbers. */
export interface EngineModule {
  readonly exports: EngineExports;
  readonly memory: WebAssembly.Memory;
}

export interface EngineExports {
  malloc(bytes: number): number;
  free(address: number): void;
  duckdb_interrupt(connection: number): void;
  duckdb_arrow_array_scan(
    connection: number,
    view: number,
    schema: number,
    array: number,
    stream: number,
  ): number;
  duckdb_destroy_arrow_stream(stream: number): void;
  duckdb_query(connection: number, sql: number, result: number): number;
  duckdb_result_error(result: number): number;
  duckdb_destroy_result(result: number): void;
}

/**
 * Where the `duckdb::Connection` lies in the connection that DuckDB's worker hands out: behind one reference, aligned
 * to 8 (`WebDB& webdb_` in duckdb-wasm's lib/include/duckdb/web/webdb.h). The layout of the pinned builds; a test in a
 * browser cancels queries that would run for hours.
 */
const CONNECTION_OFFSET = 8;

/** What DuckDB's C interface calls `duckdb_connection`, of a connection that DuckDB's worker handed out. */
export function duckdbConnection(connection: number): number {
  return connection + CONNECTION_OFFSET;
}

/** There only while rows are inserted. */
const VIEW = 'timestream_incoming_rows';
/** At least what a `duckdb_result` takes. */
const RESULT_BYTES = 64;
/** Of arrays and schemas whose owner frees them: they must have one, which is never called. */
const NO_RELEASE = 1;
const NULLABLE = 2n;
const NO_ROOM = 'Out of Memory Error: the rows of a file do not fit in.';

/**
 * Appends rows to a table by position, casting to its types, in one transaction. DuckDB reads them where this puts them,
 * once, in its own memory: there is no message to write and to read, as with an Arrow stream.
 *
 * @returns what DuckDB says went wrong; null where nothing did
 */
export function insertBatches(
  engine: EngineModule,
  connection: number,
  table: string,
  batches: readonly FlatBatch[],
): string | null {
  const on = duckdbConnection(connection);
  const views: string[] = [];
  const free: (() => void)[] = [];
  try {
    for (const [number, batch] of batches.entries()) {
      const view = `${VIEW}_${number}`;
      const given = giveBatch(engine, on, view, batch);
      if (typeof given === 'string') return given;
      views.push(view);
      free.push(given);
    }
    const rows = views.map((view) => `FROM ${view}`).join(' UNION ALL ');
    return runSql(engine, on, `INSERT INTO ${table} ${rows}`);
  } finally {
    for (const view of views) runSql(engine, on, `DROP VIEW ${view}`);
    for (const each of free) each();
  }
}

/** Makes a view of a batch, which can be read once. What frees the batch, or what went wrong. */
function giveBatch(
  { exports, memory }: EngineModule,
  connection: number,
  view: string,
  batch: FlatBatch,
): (() => void) | string {
  const layout = layOut(batch, view);
  const block = exports.malloc(layout.bytes);
  if (block === 0) return NO_ROOM;
  fill(memory, block, layout, batch);
  const stream = block + layout.stream;
  const [name, schema, array] = [block + layout.view, block + layout.schema, block + layout.array];
  if (exports.duckdb_arrow_array_scan(connection, name, schema, array, stream) !== 0) {
    exports.free(block);
    return 'INTERNAL Error: the rows of a file can’t be read where they lie.';
  }
  return () => {
    exports.duckdb_destroy_arrow_stream(stream);
    exports.free(block);
  };
}

interface Layout {
  readonly bytes: number;
  readonly data: number;
  readonly schema: number;
  readonly array: number;
  readonly columns: readonly ColumnLayout[];
  /** Pointers to the columns' schemas, and to their arrays. */
  readonly schemas: number;
  readonly arrays: number;
  /** The one buffer that a struct has: none. */
  readonly validity: number;
  readonly stream: number;
  readonly view: number;
  readonly structFormat: number;
  readonly texts: readonly (readonly [at: number, text: string])[];
}

interface ColumnLayout {
  readonly column: FlatColumn;
  readonly schema: number;
  readonly array: number;
  readonly buffers: number;
  readonly format: number;
  readonly name: number;
}

/** Where in one block everything goes. */
function layOut({ bytes, columns }: FlatBatch, view: string): Layout {
  let end = 0;
  const take = (size: number) => {
    const at = end;
    end += Math.ceil(size / 8) * 8;
    return at;
  };
  const texts: [number, string][] = [];
  const text = (value: string) => {
    const at = take(value.length + 1);
    texts.push([at, value]);
    return at;
  };
  return {
    data: take(bytes.length),
    schema: take(SCHEMA_POINTERS.bytes),
    array: take(ARRAY_POINTERS.bytes),
    columns: columns.map((column, index) => ({
      column,
      schema: take(SCHEMA_POINTERS.bytes),
      array: take(ARRAY_POINTERS.bytes),
      buffers: take(4 * column.buffers.length),
      format: text(column.format),
      name: text(`c${index}`),
    })),
    schemas: take(4 * columns.length),
    arrays: take(4 * columns.length),
    validity: take(4),
    stream: take(4),
    view: text(view),
    structFormat: text('+s'),
    texts,
    bytes: end,
  };
}

function fill(memory: WebAssembly.Memory, block: number, layout: Layout, { rows, bytes }: FlatBatch): void {
  const all = new Uint8Array(memory.buffer, block, layout.bytes);
  all.set(bytes, layout.data);
  all.fill(0, bytes.length);
  for (const [at, value] of layout.texts)
    for (let index = 0; index < value.length; index += 1) all[at + index] = value.charCodeAt(index);
  const view = new DataView(memory.buffer, block, layout.bytes);
  const pointer = (at: number, to: number) => view.setUint32(at, block + to, true);
  const count = (at: number, value: number) => view.setBigInt64(at, BigInt(value), true);
  const schemaAt = (at: number, format: number, name: number) => {
    pointer(at + SCHEMA.format, format);
    pointer(at + SCHEMA.name, name);
    view.setBigInt64(at + SCHEMA.flags, NULLABLE, true);
    view.setUint32(at + SCHEMA_POINTERS.release, NO_RELEASE, true);
  };
  const arrayAt = (
    at: number,
    length: number,
    offset: number,
    buffers: readonly [at: number, of: number],
  ) => {
    count(at + ARRAY.length, length);
    count(at + ARRAY.nulls, -1);
    count(at + ARRAY.offset, offset);
    count(at + ARRAY.bufferCount, buffers[1]);
    pointer(at + ARRAY_POINTERS.buffers, buffers[0]);
    view.setUint32(at + ARRAY_POINTERS.release, NO_RELEASE, true);
  };
  schemaAt(layout.schema, layout.structFormat, layout.structFormat);
  count(layout.schema + SCHEMA.childCount, layout.columns.length);
  pointer(layout.schema + SCHEMA_POINTERS.children, layout.schemas);
  arrayAt(layout.array, rows, 0, [layout.validity, 1]);
  count(layout.array + ARRAY.childCount, layout.columns.length);
  pointer(layout.array + ARRAY_POINTERS.children, layout.arrays);
  for (const [index, { column, schema, array, buffers, format, name }] of layout.columns.entries()) {
    pointer(layout.schemas + 4 * index, schema);
    pointer(layout.arrays + 4 * index, array);
    schemaAt(schema, format, name);
    arrayAt(array, rows, column.offset, [buffers, column.buffers.length]);
    for (const [number, at] of column.buffers.entries())
      if (at !== null) pointer(buffers + 4 * number, layout.data + at);
  }
}

/** What went wrong; null where nothing did. */
function runSql({ exports, memory }: EngineModule, connection: number, sql: string): string | null {
  const text = new TextEncoder().encode(`${sql}\0`);
  const block = exports.malloc(RESULT_BYTES + text.length);
  if (block === 0) return NO_ROOM;
  try {
    const bytes = new Uint8Array(memory.buffer, block, RESULT_BYTES + text.length);
    bytes.fill(0);
    bytes.set(text, RESULT_BYTES);
    const failed = exports.duckdb_query(connection, block + RESULT_BYTES, block) !== 0;
    const message = failed ? textAt(memory, exports.duckdb_result_error(block)) : null;
    exports.duckdb_destroy_result(block);
    return message;
  } finally {
    exports.free(block);
  }
}

function textAt(memory: WebAssembly.Memory, at: number): string {
  const bytes = new Uint8Array(memory.buffer, at);
  // What is shared can't be decoded in place.
  return new TextDecoder().decode(bytes.slice(0, bytes.indexOf(0)));
}
