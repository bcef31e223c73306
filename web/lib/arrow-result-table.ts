import { lastAtOrBefore } from '#shared/util/last-at-or-before.ts';
import { RecordBatchReader, type RecordBatch } from 'apache-arrow';
import type { ResultColumn } from '#shared/contract/plan.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { withSchema } from '#shared/util/with-schema.ts';
import { cellReader, type CellReader } from './arrow-cell-reader.ts';
import { parseSqlType, type SqlType } from './format/duckdb-type.ts';
import type { CellValue, ResultTable } from './result-table.ts';

/** A result kept as the Arrow batches it came in; cells are decoded when they are looked at. */
export class ArrowResultTable implements ResultTable {
  readonly columns: readonly ResultColumn[];
  readonly rowCount: number;
  readonly #types: readonly SqlType[];
  readonly #batches: readonly RecordBatch[];
  /** The row at which each batch starts. */
  readonly #starts: readonly number[];
  readonly #readers: (CellReader | undefined)[][];

  constructor(columns: readonly ResultColumn[], batches: readonly RecordBatch[], rowCount: number) {
    this.columns = columns;
    this.rowCount = rowCount;
    this.#types = columns.map((column) => parseSqlType(column.type));
    this.#batches = batches;
    const starts: number[] = [];
    let start = 0;
    for (const batch of batches) {
      starts.push(start);
      start += batch.numRows;
    }
    this.#starts = starts;
    this.#readers = batches.map(() => []);
  }

  value(row: number, column: number): CellValue {
    if (!(row >= 0 && row < this.rowCount)) return null;
    const batch = this.#batchOf(row);
    return this.#reader(batch, column)(row - (this.#starts[batch] ?? 0));
  }

  /** Of all rows, as they are held. */
  get byteLength(): number {
    return this.#batches.reduce((sum, { data }) => sum + data.byteLength, 0);
  }

  firstBatches(rows: number): RecordBatch[] {
    return this.#batches.flatMap((batch, at) => {
      const left = Math.min(rows, this.rowCount) - (this.#starts[at] ?? 0);
      if (left <= 0) return [];
      return [left < batch.numRows ? withSchema(batch.slice(0, left), batch.schema) : batch];
    });
  }

  #batchOf(row: number): number {
    return Math.max(
      0,
      lastAtOrBefore(this.#starts, (start) => start, row),
    );
  }

  #reader(batch: number, column: number): CellReader {
    const readers = (this.#readers[batch] ??= []);
    const known = readers[column];
    if (known) return known;
    const data = this.#batches[batch]?.data.children[column];
    const type = this.#types[column];
    const reader = data && type ? cellReader(data, type) : () => null;
    readers[column] = reader;
    return reader;
  }
}

/** What a tab can hold of one result and still breathe. */
const RESULT_BYTES = 1024 ** 3;

export interface CollectOptions {
  /** Rows kept at most; the stream is left when there are more. */
  readonly maxRows: number;
  /** Bytes kept at most, whole batches; a gibibyte. A thousand columns reach it long before a million rows. */
  readonly maxBytes?: number;
  readonly onRows?: (rows: number) => void;
}

/**
 * Reads an Arrow IPC stream, in pieces cut anywhere, up to `maxRows` rows and `maxBytes`.
 * @param columns names and DuckDB types, in the stream's order
 * @throws AppError INTERNAL where the stream has other columns; whatever `pieces` throws
 */
export async function collectArrow(
  columns: readonly ResultColumn[],
  pieces: AsyncIterable<Uint8Array>,
  { maxRows, maxBytes = RESULT_BYTES, onRows }: CollectOptions,
): Promise<{ readonly table: ArrowResultTable; readonly truncated: boolean }> {
  let bytes = 0;
  const counted = async function* () {
    for await (const piece of pieces) {
      bytes += piece.length;
      yield piece;
    }
  };
  const counting: AsyncIterable<Uint8Array> = counted();
  const reader = await RecordBatchReader.from(counting);
  await reader.open();
  const found = reader.schema.fields.length;
  if (found !== columns.length) {
    await reader.cancel();
    throw new AppError(
      'INTERNAL',
      `The result has ${found} columns where its plan has ${columns.length}. Run it again.`,
    );
  }
  const batches: RecordBatch[] = [];
  let rows = 0;
  let full = false;
  /** Bytes that had come when the last batch was kept. */
  let kept = 0;
  for await (const batch of reader) {
    if (batch.numRows === 0) continue;
    // There are rows beyond those that fill it.
    full = kept > maxBytes;
    if (full) break;
    batches.push(withSchema(batch, reader.schema));
    rows += batch.numRows;
    kept = bytes;
    onRows?.(rows);
    if (rows > maxRows) break;
  }
  return {
    table: new ArrowResultTable(columns, batches, Math.min(rows, maxRows)),
    truncated: full || rows > maxRows,
  };
}
