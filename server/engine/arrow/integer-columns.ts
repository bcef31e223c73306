import { BIGINT, type DuckDBDataChunk } from '@duckdb/node-api';
import duckdb from '@duckdb/node-bindings';
import { encodeVector } from './encode-vector.ts';

/** The values of a chunk whose columns are all BIGINT and have no NULL. */
export function integerColumns(chunk: DuckDBDataChunk): readonly BigInt64Array[] {
  const rows = chunk.rowCount;
  return Array.from({ length: chunk.columnCount }, (_, index) => {
    const vector = duckdb.data_chunk_get_vector(chunk.chunk, index);
    return encodeVector(vector, BIGINT, rows, { count: rows }).values as BigInt64Array;
  });
}
