import {
  DuckDBArrayValue,
  DuckDBBitValue,
  DuckDBBlobValue,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBIntervalValue,
  DuckDBListValue,
  DuckDBMapValue,
  DuckDBStructValue,
  DuckDBTimestampMillisecondsValue,
  DuckDBTimestampNanosecondsValue,
  DuckDBTimestampSecondsValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBTimeValue,
  DuckDBUUIDValue,
  type DuckDBConnection,
  type DuckDBValue,
} from '@duckdb/node-api';
import type { ResultColumn } from '#shared/contract/plan.ts';
import { collectArrow } from '#web/lib/arrow-result-table.ts';
import type { CellValue } from '#web/lib/result-table.ts';

/** A whole result: columns with DuckDB's names of their types, and rows of cells as the page sees them. */
export interface Answer {
  readonly columns: readonly ResultColumn[];
  readonly rows: readonly (readonly CellValue[])[];
}

/** An Arrow stream, read as the page reads it. */
export async function tableTransfer(
  columns: readonly ResultColumn[],
  pieces: AsyncIterable<Uint8Array>,
): Promise<Answer> {
  const { table } = await collectArrow(columns, pieces, { maxRows: 1_000_000 });
  const rows = Array.from({ length: table.rowCount }, (_, row) =>
    columns.map((_column, at) => table.value(row, at)),
  );
  return { columns, rows };
}

/** What a plain DuckDB says, its values put into the page's words by this file alone. */
export async function plainAnswer(plain: DuckDBConnection, sql: string): Promise<Answer> {
  const described = await plain.runAndReadAll(`DESCRIBE ${sql}`);
  const columns = described.getRowObjectsJson().map((row) => ({
    name: row['column_name'] as string,
    type: row['column_type'] as string,
  }));
  const result = await plain.runAndReadAll(sql);
  return { columns, rows: result.getRows().map((row) => row.map(cellOf)) };
}

function cellOf(value: DuckDBValue): CellValue {
  if (value === null || typeof value !== 'object') return value;
  if (value instanceof DuckDBDateValue) return value.days;
  if (value instanceof DuckDBTimeValue) return value.micros;
  if (value instanceof DuckDBTimestampValue || value instanceof DuckDBTimestampTZValue) return value.micros;
  if (value instanceof DuckDBTimestampSecondsValue) return value.seconds * 1_000_000n;
  if (value instanceof DuckDBTimestampMillisecondsValue) return value.millis * 1000n;
  if (value instanceof DuckDBTimestampNanosecondsValue)
    return value.nanos % 1000n === 0n ? value.nanos / 1000n : value.toString();
  if (value instanceof DuckDBBlobValue) return value.bytes;
  if (value instanceof DuckDBListValue || value instanceof DuckDBArrayValue) return value.items.map(cellOf);
  if (value instanceof DuckDBStructValue)
    return Object.fromEntries(Object.entries(value.entries).map(([name, entry]) => [name, cellOf(entry)]));
  if (value instanceof DuckDBMapValue)
    return value.entries.map(({ key, value: entry }) => [cellOf(key), cellOf(entry)]);
  if (
    value instanceof DuckDBDecimalValue ||
    value instanceof DuckDBUUIDValue ||
    value instanceof DuckDBIntervalValue ||
    value instanceof DuckDBBitValue
  )
    return value.toString();
  return String(value);
}
