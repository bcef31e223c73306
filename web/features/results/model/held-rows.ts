import {
  Field,
  makeData,
  RecordBatch,
  RecordBatchStreamWriter,
  Schema,
  Struct,
  Utf8,
  type Data,
} from 'apache-arrow';
import { kindOf, type Kind } from '#shared/workbook/workbook-sql.ts';
import type { RowTaker } from '#web/duckdb/types.ts';
import { cellFormatter } from '#web/lib/format/cell.ts';
import type { ResultTable } from '#web/lib/result-table.ts';

/** Rows of a piece. */
const PIECE = 5000;
const DAY_MS = 86_400_000;
/** Days from 1899-12-30, from which sheets count, to 1970. */
const SHEET_EPOCH = 25_569;

/**
 * Gives the rows that the page holds to what writes a workbook, each value as `workbookSql` would have it: what is run
 * again may have other rows.
 */
export async function takeHeld(
  table: ResultTable,
  { take }: Pick<RowTaker, 'take'>,
  signal: AbortSignal,
): Promise<void> {
  await take(piecesOf(table, signal), { columns: [...table.columns] });
}

async function* piecesOf(table: ResultTable, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const schema = new Schema(table.columns.map((_, column) => new Field(`c${column}`, new Utf8(), true)));
  const readers = table.columns.map((info, column) => {
    const formatter = cellFormatter(info);
    const kind = kindOf(info.type);
    return (row: number): string | null => {
      const value = table.value(row, column);
      return value === null ? null : sheetText(formatter.plain(value), kind);
    };
  });
  const writer = new RecordBatchStreamWriter();
  writer.reset(undefined, schema);
  const writeAll = async () => {
    for (let from = 0; from < table.rowCount; from += PIECE) {
      const rows = Math.min(PIECE, table.rowCount - from);
      const children = readers.map((read) =>
        textsOf(Array.from({ length: rows }, (_, at) => read(from + at))),
      );
      const type = new Struct(schema.fields);
      writer.write(new RecordBatch(schema, makeData({ type, length: rows, nullCount: 0, children })));
      // The page goes on answering meanwhile.
      await new Promise((resolve) => setTimeout(resolve));
      signal.throwIfAborted();
    }
  };
  // Also where it stopped: the stream has an end, behind which is said why.
  const writing = writeAll().finally(() => writer.finish());
  writing.catch(() => undefined);
  for await (const piece of writer) yield piece;
  await writing;
}

/** As Arrow has texts: apache-arrow's own builders make functions of strings, which the page's policy forbids. */
function textsOf(texts: readonly (string | null)[]): Data<Utf8> {
  const encoder = new TextEncoder();
  const parts = texts.map((text) => encoder.encode(text ?? ''));
  const valueOffsets = new Int32Array(texts.length + 1);
  const nullBitmap = new Uint8Array(Math.ceil(texts.length / 8));
  for (const [at, part] of parts.entries()) {
    valueOffsets[at + 1] = (valueOffsets[at] ?? 0) + part.length;
    if (texts[at] !== null) nullBitmap[at >> 3] = (nullBitmap[at >> 3] ?? 0) | (1 << (at & 7));
  }
  const data = new Uint8Array(valueOffsets.at(-1) ?? 0);
  for (const [at, part] of parts.entries()) data.set(part, valueOffsets[at]);
  const nullCount = texts.filter((text) => text === null).length;
  return makeData({ type: new Utf8(), length: texts.length, nullCount, nullBitmap, valueOffsets, data });
}

const DATE = /^(?<date>\d{4}-\d\d-\d\d)(?: (?<clock>[\d:.]+)Z?)?$/;

/** A time as the number that a sheet has for it, behind `#`; what sheets can't count is text. */
export function sheetText(text: string, kind: Kind): string {
  if (kind === 'time') return `#${daysOfClock(text)}`;
  if (kind !== 'date' && kind !== 'timestamp') return text;
  const { date, clock } = DATE.exec(text)?.groups ?? {};
  // Sheets are wrong about February 1900.
  if (date === undefined || date < '1900-03-01') return text;
  return `#${Date.parse(`${date}T00:00:00Z`) / DAY_MS + SHEET_EPOCH + (clock === undefined ? 0 : daysOfClock(clock))}`;
}

/** `14:02:00.5` as a part of a day. */
function daysOfClock(clock: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = clock.split(':').map(Number);
  return (hours * 3600 + minutes * 60 + seconds) / 86_400;
}
