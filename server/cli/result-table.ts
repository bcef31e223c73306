import type { QueryResult } from '#shared/contract/query.ts';

const NUMBER = /^(?:U?(?:TINY|SMALL|BIG|HUGE)?INT(?:EGER)?|U?INTEGER|FLOAT|DOUBLE|DECIMAL.*)$/;
// East Asian scripts and emoji take two columns of a terminal.
const WIDE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Extended_Pictographic}\u3000-\u303f\uff01-\uff60]/u;
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Rows as a table of text, with a line below that says how many they are. */
export function tableLines({
  columns,
  rows,
  rowCount,
  truncated,
}: Pick<QueryResult, 'columns' | 'rows' | 'rowCount' | 'truncated'>): readonly string[] {
  const header = columns.map(({ name }) => cellText(name));
  const body = rows.map((row) => row.map(cellText));
  const widths = header.map((name, at) =>
    body.reduce((width, row) => Math.max(width, widthOf(row[at] ?? '')), widthOf(name)),
  );
  const right = columns.map(({ type }) => NUMBER.test(type));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, at) => {
        const gap = ' '.repeat((widths[at] ?? 0) - widthOf(cell));
        return right[at] === true ? gap + cell : cell + gap;
      })
      .join(' | ')
      .trimEnd();
  const count = `${rowCount.toLocaleString('en-US')} ${rowCount === 1 ? 'row' : 'rows'}`;
  return [
    line(header),
    widths.map((width) => '-'.repeat(width)).join('-+-'),
    ...body.map(line),
    truncated ? `(${count}, and there are more: --limit says how many)` : `(${count})`,
  ];
}

/** A value in one line; what would move the terminal's cursor or change its colours is shown as an escape. */
function cellText(value: unknown): string {
  if (value === null || value === undefined) return 'NULL';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.replaceAll(/\p{Cc}/gu, (letter) =>
    JSON.stringify(letter)
      .slice(1, -1)
      .replace(/^[\u007f-\u009f]$/, hex),
  );
}

function hex(letter: string): string {
  return `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function widthOf(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  let width = 0;
  for (const { segment } of graphemes.segment(text)) width += WIDE.test(segment) ? 2 : 1;
  return width;
}
