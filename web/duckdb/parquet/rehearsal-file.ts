import {
  DateDay,
  Field,
  Float64,
  Int32,
  Int64,
  makeData,
  RecordBatch,
  Schema,
  Struct,
  Table,
  tableToIPC,
  TimestampMicrosecond,
  Utf8,
  type Data,
} from 'apache-arrow';
import { Compression, Table as ParquetTable, WriterPropertiesBuilder, writeParquet } from 'parquet-wasm';
import { REHEARSAL_COLUMNS } from './rehearsal-columns.ts';

export const REHEARSAL_ROWS = 40_960;

type ColumnName = (typeof REHEARSAL_COLUMNS)[number]['name'];

const MODES = ['AIR', 'MAIL', 'RAIL', 'SHIP', 'TRUCK'];
const VALUES: Readonly<Record<ColumnName, () => Data>> = {
  key: () => longs(new Int64(), (row) => 4 * row),
  price: () => longs(new Int64(), (row) => (7919 * row) % 1_000_003),
  quantity: () => longs(new Int64(), (row) => (31 * row) % 51),
  line: () => ints(new Int32(), (row) => row % 7),
  day: () => ints(new DateDay(), (row) => 8000 + ((17 * row) % 2500)),
  at: () => longs(new TimestampMicrosecond(), (row) => 1_000_003 * row),
  share: () => doubles((row) => ((7919 * row) % 100_003) / 8),
  mode: () => texts((row) => MODES[row % MODES.length] ?? ''),
  note: () => texts((row) => `note ${(7919 * row) % 100_003}`),
};

/**
 * A Parquet file as tables have them, of made-up rows, for decoding before there is one to decode. The decoder has to be
 * ready.
 */
export function rehearsalFile(): Uint8Array<ArrayBuffer> {
  const table = ParquetTable.fromIPCStream(tableToIPC(rehearsalTable(), 'stream'));
  let properties = new WriterPropertiesBuilder().setCompression(Compression.ZSTD);
  for (const { name, repeats } of REHEARSAL_COLUMNS)
    if (!repeats) properties = properties.setColumnDictionaryEnabled(name, false);
  // Given away, both.
  return writeParquet(table, properties.build()) as Uint8Array<ArrayBuffer>;
}

function rehearsalTable(): Table {
  const columns = REHEARSAL_COLUMNS.map(({ id, name }) => {
    const values = VALUES[name]();
    // As Arrow tells a Parquet writer of field ids.
    const field = new Field(name, values.type, false, new Map([['PARQUET:field_id', String(id)]]));
    return { field, values };
  });
  const fields = columns.map(({ field }) => field);
  const children = columns.map(({ values }) => values);
  const rows = makeData({ type: new Struct(fields), length: REHEARSAL_ROWS, children });
  return new Table(new RecordBatch(new Schema(fields), rows));
}

function ints(type: Int32 | DateDay, value: (row: number) => number): Data {
  const data = Int32Array.from({ length: REHEARSAL_ROWS }, (_, row) => value(row));
  return makeData({ type: type as Int32, length: REHEARSAL_ROWS, data });
}

function longs(type: Int64 | TimestampMicrosecond, value: (row: number) => number): Data {
  const data = BigInt64Array.from({ length: REHEARSAL_ROWS }, (_, row) => BigInt(value(row)));
  return makeData({ type: type as Int64, length: REHEARSAL_ROWS, data });
}

function doubles(value: (row: number) => number): Data {
  const data = Float64Array.from({ length: REHEARSAL_ROWS }, (_, row) => value(row));
  return makeData({ type: new Float64(), length: REHEARSAL_ROWS, data });
}

/** Of letters that take a byte each. */
function texts(value: (row: number) => string): Data {
  const all = Array.from({ length: REHEARSAL_ROWS }, (_, row) => value(row));
  const valueOffsets = new Int32Array(REHEARSAL_ROWS + 1);
  for (const [row, text] of all.entries()) valueOffsets[row + 1] = (valueOffsets[row] ?? 0) + text.length;
  const data = new TextEncoder().encode(all.join(''));
  return makeData({ type: new Utf8(), length: REHEARSAL_ROWS, valueOffsets, data });
}
