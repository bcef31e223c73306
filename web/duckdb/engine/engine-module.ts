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

export const NO_ROOM = 'Out of Memory Error: the rows of a file do not fit in.';

/**
 * Where the `duckdb::Connection` lies in the connection that DuckDB's worker hands out: behind one reference, aligned
 * to 8 (`WebDB& webdb_` in duckdb-wasm's lib/include/duckdb/web/webdb.h). The layout of the pinned builds; a test in a
 * browser cancels queries that would run for hours.
 */
const CONNECTION_OFFSET = 8;
/** At least what a `duckdb_result` takes. */
const RESULT_BYTES = 64;

/** What DuckDB's C interface calls `duckdb_connection`, of a connection that DuckDB's worker handed out. */
export function duckdbConnection(connection: number): number {
  return connection + CONNECTION_OFFSET;
}

/** The address of so many bytes; 0 where there is no room. */
export function allocate({ exports }: EngineModule, bytes: number): number {
  // WebAssembly gives what is beyond 2 GiB as a negative number.
  return exports.malloc(bytes) >>> 0;
}

/** What went wrong, in DuckDB's words; null where nothing did. @param connection as duckdbConnection gives it */
export function runSql(engine: EngineModule, connection: number, sql: string): string | null {
  const { exports, memory } = engine;
  const text = new TextEncoder().encode(`${sql}\0`);
  const block = allocate(engine, RESULT_BYTES + text.length);
  if (block === 0) return NO_ROOM;
  try {
    const bytes = new Uint8Array(memory.buffer, block, RESULT_BYTES + text.length);
    bytes.fill(0);
    bytes.set(text, RESULT_BYTES);
    const failed = exports.duckdb_query(connection, block + RESULT_BYTES, block) !== 0;
    const message = failed ? textAt(memory, exports.duckdb_result_error(block) >>> 0) : null;
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
