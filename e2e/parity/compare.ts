import type { CellValue } from '#web/lib/result-table.ts';
import type { Answer } from './answer.ts';

/** What a row is written as: every bit of a float counts, and kinds of values do not mix. */
function rowText(row: readonly CellValue[], digits: number | null): string {
  return row.map((cell) => cellText(cell, digits)).join(' | ');
}

function cellText(cell: CellValue, digits: number | null): string {
  if (cell === null) return 'NULL';
  if (typeof cell === 'bigint') return `${cell}n`;
  if (typeof cell === 'number') return numberText(cell, digits);
  if (typeof cell === 'string') return JSON.stringify(cell);
  if (typeof cell === 'boolean') return String(cell);
  if (cell instanceof Uint8Array) return `x'${Buffer.from(cell).toString('hex')}'`;
  if (Array.isArray(cell)) return `[${cell.map((item: CellValue) => cellText(item, digits)).join(', ')}]`;
  const entries = Object.entries(cell).map(([name, value]) => `${name}: ${cellText(value, digits)}`);
  return `{${entries.join(', ')}}`;
}

function numberText(value: number, digits: number | null): string {
  if (Object.is(value, -0)) return '-0';
  return digits === null ? String(value) : String(Number(value.toPrecision(digits)));
}

/** The rows of an answer as lines of text, in their own order or in the order of their texts. */
export function answerLines(
  { rows }: Answer,
  { ordered, digits }: { readonly ordered: boolean; readonly digits: number | null },
): string[] {
  const lines = rows.map((row) => rowText(row, digits));
  return ordered ? lines : lines.toSorted();
}
