import type { ExportFormat } from '#shared/contract/exports.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { ParquetWriter } from '#web/duckdb/local/parquet-writer.ts';
import { cellFormatter } from '#web/lib/format/cell.ts';
import { parseSqlType } from '#web/lib/format/duckdb-type.ts';
import { formatNested } from '#web/lib/format/nested.ts';
import type { ResultTable } from '#web/lib/result-table.ts';

/** Formats that are made of a result as the tab holds it. A workbook is written as the rows come. */
export type HeldFormat = Exclude<ExportFormat, 'xlsx'>;

const TYPES: Readonly<Record<HeldFormat, string>> = {
  csv: 'text/csv',
  parquet: 'application/vnd.apache.parquet',
  json: 'application/json',
  ndjson: 'application/x-ndjson',
  arrow: 'application/vnd.apache.arrow.file',
};
/** Rows that are put into one piece of text. */
const PIECE = 5000;

/**
 * A result as a file. Values are as they are copied: instants in UTC, 64-bit integers and decimals with all digits.
 *
 * @throws INTERNAL where the rows can't be packed; AbortError after `signal`
 */
export async function fileOf(table: ResultTable, format: HeldFormat, signal: AbortSignal): Promise<Blob> {
  const parts =
    format === 'arrow' || format === 'parquet'
      ? [await binary(table, format)]
      : await texts(table, format, signal);
  signal.throwIfAborted();
  return new Blob(parts, { type: TYPES[format] });
}

async function binary(table: ResultTable, format: 'arrow' | 'parquet'): Promise<Uint8Array<ArrayBuffer>> {
  const { arrowFile, wholeArrow } = await import('#web/lib/arrow-bytes.ts');
  const ipc = wholeArrow(table);
  if (format === 'arrow') return arrowFile(ipc);
  const writer = new ParquetWriter();
  try {
    return (await writer.write(ipc)).bytes;
  } finally {
    writer.close();
  }
}

async function texts(
  table: ResultTable,
  format: 'csv' | 'json' | 'ndjson',
  signal: AbortSignal,
): Promise<string[]> {
  const line = format === 'csv' ? csvLines(table) : jsonLines(table);
  const parts = [format === 'csv' ? csvHead(table) : format === 'json' ? '[\n' : ''];
  const between = format === 'json' ? ',\n' : '\n';
  for (let from = 0; from < table.rowCount; from += PIECE) {
    const rows = Math.min(PIECE, table.rowCount - from);
    const lines = Array.from({ length: rows }, (_, at) => line(from + at));
    const last = from + rows === table.rowCount;
    parts.push(`${lines.join(between)}${last && format === 'json' ? '\n' : between}`);
    // The page goes on answering meanwhile.
    await new Promise((resolve) => setTimeout(resolve));
    signal.throwIfAborted();
  }
  if (format === 'json') parts.push(']\n');
  return parts;
}

function csvHead({ columns }: ResultTable): string {
  return `${columns.map(({ name }) => quoted(name)).join(',')}\n`;
}

function csvLines(table: ResultTable): (row: number) => string {
  const formatters = table.columns.map(cellFormatter);
  return (row) =>
    formatters
      .map((formatter, column) => {
        const value = table.value(row, column);
        // Nothing is NULL, and "" is a text without letters.
        return value === null ? '' : quoted(formatter.plain(value));
      })
      .join(',');
}

function quoted(text: string): string {
  return text === '' || /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function jsonLines(table: ResultTable): (row: number) => string {
  const types = table.columns.map(({ type }) => parseSqlType(type));
  const names = table.columns.map(({ name }) => JSON.stringify(name));
  return (row) =>
    `{${types
      .map(
        (type, column) => `${names[column]}:${formatNested(table.value(row, column), type, { utc: true })}`,
      )
      .join(',')}}`;
}

/** @throws UNSUPPORTED where an answer was too much for the tab to hold, so that its file would lack rows */
export function assertWhole(truncated: boolean): void {
  if (truncated)
    throw new AppError(
      'UNSUPPORTED',
      'This result is too much for the tab to write by itself. Save the file as a table first, or export less.',
    );
}
