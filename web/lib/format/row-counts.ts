import type { RowsAre } from '#shared/contract/tables.ts';
import { countOf, formatCompact, formatInteger } from './numbers.ts';

interface Counted {
  readonly rows: string;
  readonly rowsAre?: RowsAre | undefined;
}

const WORDS: Readonly<Record<Exclude<RowsAre, 'unknown'>, string>> = { about: 'about', 'at-most': 'at most' };
const SIGNS: Readonly<Record<Exclude<RowsAre, 'unknown'>, string>> = { about: '≈', 'at-most': '≤' };

/** `2,000 rows`, `at most 2,000 rows`. */
export function rowsText({ rows, rowsAre }: Counted): string {
  if (rowsAre === 'unknown') return 'an unknown number of rows';
  const text = countOf(rows, 'row');
  return rowsAre === undefined ? text : `${WORDS[rowsAre]} ${text}`;
}

/** For columns of numbers: `2,000`, `≤ 2,000`. */
export function rowsFigure({ rows, rowsAre }: Counted): string {
  if (rowsAre === 'unknown') return 'unknown';
  return rowsAre === undefined ? formatInteger(rows) : `${SIGNS[rowsAre]} ${formatInteger(rows)}`;
}

/** Where there is little room: `2k`, `≤2k`. */
export function rowsShort({ rows, rowsAre }: Counted): string {
  if (rowsAre === 'unknown') return '?';
  return `${rowsAre === undefined ? '' : SIGNS[rowsAre]}${formatCompact(Number(rows))}`;
}

/** Why a number of rows is not exact; nothing where it is. */
export function rowsNote({ rowsAre }: Counted): string | undefined {
  switch (rowsAre) {
    case 'about':
      return 'Rows that were deleted by their position are taken off; some may be named twice. SELECT count(*) gives the exact number.';
    case 'at-most':
      return 'Rows were deleted by value, and how many is known only by reading. SELECT count(*) gives the exact number.';
    case 'unknown':
      return 'The engine that wrote the table did not say. SELECT count(*) gives the number.';
    case undefined:
      return undefined;
  }
}
