import type { CellValue, ResultTable } from '#web/lib/result-table.ts';

/** A column of the engine's answer as plain numbers; NULL and what is no number as NaN. */
export function columnNumbers(table: ResultTable, column: number): number[] {
  return Array.from({ length: table.rowCount }, (_, row) => toNumber(table.value(row, column)));
}

export function columnTexts(table: ResultTable, column: number): string[] {
  return Array.from({ length: table.rowCount }, (_, row) => {
    const value = table.value(row, column);
    return value === null ? 'NULL' : typeof value === 'string' ? value : String(toNumber(value));
  });
}

function toNumber(value: CellValue): number {
  if (typeof value === 'number' || typeof value === 'bigint') return Number(value);
  return typeof value === 'string' && value !== '' ? Number(value) : Number.NaN;
}
