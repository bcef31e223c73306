import { RecordBatchFileWriter, RecordBatchReader, RecordBatchStreamWriter } from 'apache-arrow';
import type { ResultColumn } from '#shared/contract/plan.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { withSchema } from '#shared/util/with-schema.ts';
import { ArrowResultTable, collectArrow } from './arrow-result-table.ts';
import type { ResultTable } from './result-table.ts';

export interface ArrowBounds {
  readonly maxRows: number;
  /** Aimed at: rows are taken for as long as each on average. */
  readonly maxBytes: number;
}

/**
 * The first rows of a result as an Arrow IPC stream, to be put away; no bytes where there are no rows.
 * @returns null where a single row is too much, or the result is of another kind
 */
export function arrowBytes(
  table: ResultTable,
  { maxRows, maxBytes }: ArrowBounds,
): { readonly bytes: Uint8Array<ArrayBuffer>; readonly rows: number } | null {
  if (!(table instanceof ArrowResultTable)) return null;
  if (table.rowCount === 0) return { bytes: new Uint8Array(), rows: 0 };
  const rows = Math.floor(
    Math.min(table.rowCount, maxRows, (maxBytes * table.rowCount) / Math.max(table.byteLength, 1)),
  );
  if (rows === 0) return null;
  const bytes = written(table, rows);
  // Rows differ in length: the first may be the longest.
  return bytes.length > 2 * maxBytes ? null : { bytes, rows };
}

/** All rows as an Arrow IPC stream. @throws UNSUPPORTED where there are none, whose columns no batch would tell; INTERNAL for a result of another kind */
export function wholeArrow(table: ResultTable): Uint8Array<ArrayBuffer> {
  if (table.rowCount === 0)
    throw new AppError('UNSUPPORTED', 'There are no rows to write. Export them as CSV or JSON.');
  if (table instanceof ArrowResultTable) return written(table, table.rowCount);
  throw new AppError('INTERNAL', 'This result has no Arrow form. Export it as CSV or JSON.');
}

/** The same as a file, which has an index behind its batches, as readers of files expect. */
export function arrowFile(stream: Uint8Array): Uint8Array<ArrayBuffer> {
  const reader = RecordBatchReader.from(stream);
  reader.open();
  const writer = new RecordBatchFileWriter();
  writer.reset(undefined, reader.schema);
  for (const batch of reader) writer.write(withSchema(batch, reader.schema));
  writer.finish();
  return new Uint8Array(writer.toUint8Array(true));
}

/** The rows again. @throws what apache-arrow throws on bytes that are no stream; INTERNAL on other columns */
export async function tableOfBytes(
  columns: readonly ResultColumn[],
  bytes: Uint8Array,
): Promise<ArrowResultTable> {
  if (bytes.length === 0) return new ArrowResultTable(columns, [], 0);
  const pieces = async function* () {
    yield bytes;
  };
  return (await collectArrow(columns, pieces(), { maxRows: Infinity })).table;
}

function written(table: ArrowResultTable, rows: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(RecordBatchStreamWriter.writeAll(table.firstBatches(rows)).toUint8Array(true));
}
