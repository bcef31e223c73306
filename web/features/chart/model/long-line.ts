import type { CellFormatter } from '#web/lib/format/cell.ts';
import type { ResultTable } from '#web/lib/result-table.ts';
import type { ChartData } from './chart-data.ts';
import { MAX_LINE_PLACES, keepExtremes } from './downsample.ts';
import { plotNumber } from './plot-value.ts';

const LONG = 20_000;

/**
 * A line through many rows, each of which has its own x: read into flat arrays and thinned there, many times faster
 * than place by place. Null where it does not apply: few rows, or rows that share an x.
 */
export function longLine(
  table: ResultTable,
  formatters: readonly CellFormatter[],
  xColumn: number,
  measures: readonly number[],
  rowsRead: number,
): Omit<ChartData, 'axis' | 'xName' | 'times'> | null {
  const x = formatters[xColumn];
  if (rowsRead < LONG || !x) return null;
  const xs = new Float64Array(rowsRead);
  for (let row = 0; row < rowsRead; row++) xs[row] = plotNumber(table.value(row, xColumn), x.type) ?? NaN;
  const rows = inOrder(xs);
  if (!rows) return null;
  const series = measures.map((measure) => ({
    name: table.columns[measure]?.name ?? '',
    column: formatters[measure] as CellFormatter,
  }));
  const values = measures.map((measure, at) => {
    const type = series[at]?.column.type;
    const column = new Float64Array(rowsRead);
    for (let row = 0; row < rowsRead; row++) {
      column[row] = (type && plotNumber(table.value(row, measure), type)) ?? NaN;
    }
    return column;
  });
  const valueAt = (place: number, s: number) => {
    const value = values[s]?.[rows[place] ?? 0] ?? NaN;
    return Number.isNaN(value) ? null : value;
  };
  const places = keepExtremes(rows.length, measures.length, valueAt, MAX_LINE_PLACES).map((place) => {
    const at = xs[rows[place] ?? 0] ?? 0;
    return { x: at, label: '', order: at, values: measures.map((_, s) => valueAt(place, s)) };
  });
  return { places, placeCount: rows.length, series, rowsRead, summed: false, seriesLeftOut: 0 };
}

/** Rows with an x, by x; null where two have the same. */
function inOrder(xs: Float64Array): Uint32Array | null {
  const rows = new Uint32Array(xs.length);
  let count = 0;
  let sorted = true;
  for (let row = 0; row < xs.length; row++) {
    if (Number.isNaN(xs[row])) continue;
    if (count > 0 && !((xs[rows[count - 1] ?? 0] ?? 0) < (xs[row] ?? 0))) sorted = false;
    rows[count++] = row;
  }
  const found = rows.subarray(0, count);
  if (sorted) return found;
  found.sort((a, b) => (xs[a] ?? 0) - (xs[b] ?? 0));
  for (let at = 1; at < count; at++) if (xs[found[at] ?? 0] === xs[found[at - 1] ?? 0]) return null;
  return found;
}
