import { cellFormatter } from '#web/lib/format/cell.ts';
import { formatInteger } from '#web/lib/format/numbers.ts';
import { isHere, type ResultTable } from '#web/lib/result-table.ts';
import type { KnownValues } from '../language/language-facts.ts';

/** Rows of an answer that are looked at: some milliseconds. */
const MOST_ROWS = 50_000;
const MOST_VALUES = 500;

const counted = new WeakMap<ResultTable, Map<string, KnownValues>>();

/** The commonest values of a column of an answer that is here. */
export function heldValues(table: ResultTable, column: string): KnownValues | null {
  const columns = counted.get(table) ?? new Map<string, KnownValues>();
  counted.set(table, columns);
  const known = columns.get(column) ?? count(table, column);
  if (known !== null) columns.set(column, known);
  return known;
}

function count(table: ResultTable, name: string): KnownValues | null {
  const at = table.columns.findIndex((each) => each.name === name);
  const info = table.columns[at];
  if (info === undefined) return null;
  const formatter = cellFormatter(info);
  const counts = new Map<string, number>();
  const looked = Math.min(table.rowCount, MOST_ROWS);
  for (let row = 0; row < looked; row += 1) {
    const value = isHere(table, row) ? table.value(row, at) : null;
    if (value === null) continue;
    const text = formatter.plain(value);
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  const values = [...counts]
    .map(([value, rows]) => ({ value, rows }))
    .toSorted((a, b) => b.rows - a.rows)
    .slice(0, MOST_VALUES);
  const about =
    looked < table.rowCount ? { about: `Counted in the first ${formatInteger(looked)} rows.` } : {};
  return { values, whole: true, ...about };
}
