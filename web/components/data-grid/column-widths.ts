import type { CellFormatter } from '#web/lib/format/cell.ts';
import { shortTypeName } from '#web/lib/format/duckdb-type.ts';
import { isHere, type ResultTable } from '#web/lib/result-table.ts';

export const MIN_WIDTH = 48;
/** Rows beyond the sample may have NULL, whose badge is to be read whole. */
const MIN_MEASURED = 60;
export const MAX_WIDTH = 2000;
/** A first look gives no column more than this, so that one long text does not push the others out of sight. */
const MAX_MEASURED = 320;
const MAX_FITTED = 960;
const PADDING = 24;
const SAMPLE = 200;
/** Of the button beside a column's name, what the padding has no room for. */
const BUTTON_ROOM = 12;
/** The web font may still be on its way when the first result is measured, and is a little wider than the fallback. */
const FONT_SLACK = 1.08;

/** Advance widths in pixels of the fonts that the grid uses. */
export interface TextMeasure {
  /** One character of the values' font, which is monospaced. */
  readonly mono: number;
  /** A text in the header's font. */
  header(text: string): number;
}

/**
 * A width for each column from its name, its type and a sample of its values: the first rows, and some from the
 * middle and the end, where running numbers are longer.
 */
export function measureColumns(
  table: ResultTable,
  formatters: readonly CellFormatter[],
  measure: TextMeasure,
): number[] {
  const rows = sampleRows(table.rowCount);
  return formatters.map((_, column) =>
    Math.min(MAX_MEASURED, fitColumn(table, formatters, column, rows, measure)),
  );
}

/** The width at which the name and every value of `rows` can be read whole, within reason. */
export function fitColumn(
  table: ResultTable,
  formatters: readonly CellFormatter[],
  column: number,
  rows: readonly number[],
  measure: TextMeasure,
): number {
  const formatter = formatters[column];
  const info = table.columns[column];
  if (!formatter || !info) return MIN_MEASURED;
  let characters = 0;
  let fraction = 0;
  for (const row of rows) {
    if (!isHere(table, row)) continue;
    const value = table.value(row, column);
    const text = value === null ? 'NULL ' : formatter.text(value);
    const own = fractionOf(formatter, text);
    // Numbers that stand on one point need the longest of what is before it and the longest of what is after it.
    characters = Math.max(characters, columnsOf(text) - own);
    fraction = Math.max(fraction, own);
  }
  const widest = Math.max(
    Math.ceil((characters + fraction) * measure.mono),
    measure.header(info.name) * FONT_SLACK + BUTTON_ROOM,
    measure.header(shortTypeName(formatter.type)) * FONT_SLACK,
  );
  return Math.min(MAX_FITTED, Math.max(MIN_MEASURED, Math.ceil(widest) + PADDING));
}

/** For each column, the most characters from the decimal point on; 0 where its values have none. */
export function measureFractions(table: ResultTable, formatters: readonly CellFormatter[]): number[] {
  const rows = sampleRows(table.rowCount);
  return formatters.map((formatter, column) => {
    if (formatter.type.kind !== 'float') return 0;
    return rows.reduce((most, row) => {
      const value = table.value(row, column);
      return value === null ? most : Math.max(most, fractionOf(formatter, formatter.text(value)));
    }, 0);
  });
}

/** Characters of a float from its point on. A DECIMAL has as many everywhere; 1e-9 and NaN stand on no point. */
export function fractionOf(formatter: CellFormatter, text: string): number {
  if (formatter.type.kind !== 'float') return 0;
  return /^-?[\d,]+(\.\d+)?$/.exec(text)?.[1]?.length ?? 0;
}

export function sampleRows(rowCount: number): number[] {
  const rows: number[] = [];
  const head = Math.min(rowCount, SAMPLE);
  for (let row = 0; row < head; row++) rows.push(row);
  if (rowCount === head) return rows;
  for (let i = 1; i <= 50; i++) rows.push(Math.min(rowCount - 1, Math.floor((rowCount * i) / 50)));
  return rows;
}

/** East Asian wide characters and emoji take two columns of a monospaced font. */
function columnsOf(text: string): number {
  if (!WIDE.test(text)) return text.length;
  let columns = 0;
  for (const character of text) columns += WIDE.test(character) ? 2 : 1;
  return columns;
}

const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]|\p{Emoji_Presentation}/u;

let context: CanvasRenderingContext2D | null | undefined;

/** Measures with the fonts as the page has them; without a canvas, by the usual proportions. */
export function textMeasure(monoFont: string, headerFont: string): TextMeasure {
  context ??= hasCanvas() ? document.createElement('canvas').getContext('2d') : null;
  const canvas = context;
  if (!canvas) return { mono: 7.2, header: (text) => text.length * 7 };
  canvas.font = monoFont;
  const mono = canvas.measureText('0000000000').width / 10;
  return {
    mono,
    header: (text) => {
      canvas.font = headerFont;
      return canvas.measureText(text).width;
    },
  };
}

function hasCanvas(): boolean {
  return typeof CanvasRenderingContext2D !== 'undefined';
}
