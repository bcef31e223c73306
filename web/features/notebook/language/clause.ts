import type { Cursor } from './cursor.ts';

/** What a place in a statement asks for. */
export type Clause =
  /** The first word of a statement. */
  | 'start'
  /** The name of a table. */
  | 'table'
  /** What comes behind a table: a join, a condition, the next clause. */
  | 'after-table'
  /** The value of AT (VERSION => …). */
  | 'version'
  /** An expression after the SELECT list was read: its names may be used. */
  | 'after-select'
  | 'expression';

const TABLE_WORDS = new Set([
  'from',
  'join',
  'into',
  'update',
  'describe',
  'summarize',
  'table',
  'optimize',
  'vacuum',
]);
const CLAUSE_WORDS = new Set(
  'select from join where group having order limit offset qualify window on using set values returning by'.split(
    ' ',
  ),
);
const AFTER_SELECT = new Set(['group', 'having', 'order', 'qualify', 'by']);

/** @param wordLength how much of the word at the cursor is written already */
export function clauseAt({ list, offset }: Cursor, wordLength: number): Clause {
  const start = offset - wordLength;
  const last = list.tokens.findLastIndex((token) => token.end <= start);
  if (last < 0) return 'start';
  if (list.text(last) === '>' && list.text(last - 1) === '=' && list.word(last - 2) === 'version')
    return 'version';
  if (list.text(last) === '(' && list.word(last - 1) !== 'from' && list.word(last - 1) !== 'join') {
    // A subquery may begin behind any parenthesis, but an argument is likelier.
    return 'expression';
  }
  if (TABLE_WORDS.has(list.word(last))) return 'table';
  const clause = clauseBefore(list, last);
  if (clause === 'from' || clause === 'join') {
    if (list.text(last) === ',') return 'table';
    if (list.text(last) === '(') return 'start';
    return 'after-table';
  }
  return AFTER_SELECT.has(clause) ? 'after-select' : 'expression';
}

/** The word of the clause around a token, in the parenthesis that it is in. */
function clauseBefore(list: Cursor['list'], from: number): string {
  let depth = 0;
  for (let at = from; at >= 0; at -= 1) {
    const text = list.text(at);
    if (text === ')' || text === ']' || text === '}') depth += 1;
    if (text === '(' || text === '[' || text === '{') {
      if (depth === 0 && at < from) return '';
      depth = Math.max(0, depth - 1);
    }
    if (depth === 0 && CLAUSE_WORDS.has(list.word(at)) && !list.isPart(at)) return list.word(at);
  }
  return '';
}
