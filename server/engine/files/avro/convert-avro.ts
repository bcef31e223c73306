import { open } from 'node:fs/promises';
import { DuckDBDataChunk, type DuckDBConnection, type DuckDBValue } from '@duckdb/node-api';
import { quoteIdentifier, quoteLiteral } from '#shared/sql/quoting.ts';
import { AvroCursor, AvroDecodeError } from '../../../iceberg/avro/cursor.ts';
import { asCorrupt } from '../../../iceberg/avro/read-container.ts';
import { runtimeError } from '../../duckdb/runtime-error.ts';
import { abortError } from '../../execute/abort.ts';
import { AvroBlocks } from './avro-blocks.ts';
import { avroColumns, fieldIdsOf, keptColumns, type AvroColumn } from './avro-columns.ts';

/** As many rows as a chunk of DuckDB has. */
const CHUNK_ROWS = 2048;

/**
 * Writes the rows of an Avro data file as Parquet, in their order, with the names, types and field ids that they have.
 *
 * @param table a name that nothing else on the connection has
 * @throws CORRUPT_FILE, UNSUPPORTED naming the Avro file; STORAGE_FULL, OUT_OF_MEMORY; FILE_NOT_FOUND; AbortError
 */
export async function convertAvro(
  connection: DuckDBConnection,
  table: string,
  { from, to, signal }: { readonly from: string; readonly to: string; readonly signal: AbortSignal },
): Promise<void> {
  const file = await open(from).catch((error: unknown) => {
    throw runtimeError(error);
  });
  const stop = () => connection.interrupt();
  signal.addEventListener('abort', stop, { once: true });
  try {
    const { columns, rows } = await readAvro(file).catch((error: unknown) => {
      throw asCorrupt(error, from);
    });
    await fill(connection, table, columns, rows, { from, signal });
    const kept = keptColumns(columns);
    const items = kept.map((column) => `c${columns.indexOf(column)} AS ${quoteIdentifier(column.name)}`);
    const ids = kept.map(fieldIdsOf).filter((entry) => entry !== '');
    const options = [
      'FORMAT parquet',
      'COMPRESSION zstd',
      ...(ids.length === 0 ? [] : [`FIELD_IDS {${ids.join(', ')}}`]),
    ];
    await connection.run(
      `COPY (SELECT ${items.join(', ')} FROM ${table}) TO ${quoteLiteral(to)} (${options.join(', ')})`,
    );
  } catch (error) {
    throw signal.aborted ? abortError() : runtimeError(error);
  } finally {
    signal.removeEventListener('abort', stop);
    await file.close();
    await connection.run(`DROP TABLE IF EXISTS ${table}`);
  }
}

type Rows = AsyncGenerator<readonly (readonly DuckDBValue[])[]>;

async function readAvro(
  file: Awaited<ReturnType<typeof open>>,
): Promise<{ readonly columns: readonly AvroColumn[]; readonly rows: Rows }> {
  const avro = await AvroBlocks.open(file);
  const columns = avroColumns(avro.header.schema);
  return { columns, rows: decode(avro, columns) };
}

/** Rows, as many at a time as a chunk has. */
async function* decode(avro: AvroBlocks, columns: readonly AvroColumn[]): Rows {
  const readers = columns.map(({ reader }) => reader.read);
  const smallest = columns.reduce((sum, { reader }) => sum + reader.minSize, 0);
  let rows: DuckDBValue[][] = [];
  for await (const { count, data } of avro.blocks()) {
    if (count < 0 || count * Math.max(1, smallest) > Math.max(data.length, 1))
      throw new AvroDecodeError(`a block of ${count} records has ${data.length} bytes`);
    const cursor = new AvroCursor(data);
    for (let index = 0; index < count; index += 1) {
      rows.push(readers.map((read) => read(cursor)));
      if (rows.length < CHUNK_ROWS) continue;
      yield rows;
      rows = [];
    }
    if (cursor.remaining > 0) throw new AvroDecodeError(`a block has ${cursor.remaining} bytes too many`);
  }
  if (rows.length > 0) yield rows;
}

async function fill(
  connection: DuckDBConnection,
  table: string,
  columns: readonly AvroColumn[],
  rows: Rows,
  { from, signal }: { readonly from: string; readonly signal: AbortSignal },
): Promise<void> {
  const types = columns.map(({ reader }) => reader.type);
  const definitions = types.map((type, index) => `c${index} ${type.toString()}`);
  await connection.run(`CREATE TABLE ${table} (${definitions.join(', ')})`);
  const appender = await connection.createAppender(table);
  try {
    for (;;) {
      const next = await rows.next().catch((error: unknown) => {
        throw asCorrupt(error, from);
      });
      if (signal.aborted) throw abortError();
      if (next.done === true) break;
      const chunk = DuckDBDataChunk.create(types, next.value.length);
      chunk.setRows(next.value);
      appender.appendDataChunk(chunk);
    }
  } finally {
    appender.closeSync();
  }
}
