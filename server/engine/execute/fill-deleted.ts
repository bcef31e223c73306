import { BIGINT, DuckDBDataChunk, type DuckDBConnection } from '@duckdb/node-api';
import { quoteIdentifier } from '#shared/sql/quoting.ts';
import { deletedKeys, deletedTable, type ExecutableScan } from './scan-view.ts';

/** As many rows as a chunk of DuckDB has. */
const CHUNK_ROWS = 2048;
/** Chunks between two looks at whether to go on. */
const CHUNKS_AT_ONCE = 64;

/**
 * Gives a connection the deleted rows that a scan's view leaves out; nothing where there are none.
 *
 * @param check throws where the query has been ended meanwhile: an appender can't be interrupted
 */
export async function fillDeleted(
  connection: DuckDBConnection,
  scan: ExecutableScan,
  check: () => void,
): Promise<void> {
  const keys = deletedKeys(scan);
  if (keys === null) return;
  const table = deletedTable(scan);
  await connection.run(`CREATE TEMP TABLE ${quoteIdentifier(table)} ("key" BIGINT)`);
  const appender = await connection.createAppender(table);
  try {
    let batch: bigint[] = [];
    let chunks = 0;
    for (const key of keys) {
      batch.push(key);
      if (batch.length < CHUNK_ROWS) continue;
      appender.appendDataChunk(chunkOf(batch));
      batch = [];
      chunks += 1;
      if (chunks % CHUNKS_AT_ONCE > 0) continue;
      await new Promise(setImmediate);
      check();
    }
    if (batch.length > 0) appender.appendDataChunk(chunkOf(batch));
  } finally {
    appender.closeSync();
  }
}

function chunkOf(keys: readonly bigint[]): DuckDBDataChunk {
  const chunk = DuckDBDataChunk.create([BIGINT], keys.length);
  chunk.setColumnValues(0, keys);
  return chunk;
}
