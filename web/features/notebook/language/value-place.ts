import { tokenize } from '#shared/sql/tokenize.ts';
import { originOf, type ColumnOrigin } from './column-origin.ts';
import { cursorAt, type Cursor } from './cursor.ts';
import type { CompletionTable } from './language-facts.ts';

/** A place in SQL where a value of a column is written. */
export interface ValuePlace extends ColumnOrigin<CompletionTable> {
  /** UTF-16 offset where the value begins: behind the quote, or where its first letter stands. */
  readonly from: number;
  /** What of it is written before the cursor, as the value that it is. */
  readonly typed: string;
  /** Whether its quote is written already. */
  readonly quoted: boolean;
}

/**
 * The column that is compared at a place, as in `origin = '…`, `f.origin IN ('A', '…`, `day BETWEEN '…`; null where
 * none is, or where its table is not known.
 */
export function valuePlaceAt(
  text: string,
  offset: number,
  tables: readonly CompletionTable[],
): ValuePlace | null {
  const last = [...tokenize(text.slice(0, offset))].at(-1);
  const quoted = last?.kind === 'string' && last.open && text.charAt(last.start) === "'";
  if (last !== undefined && !quoted && (last.open || ['comment', 'string', 'number'].includes(last.kind)))
    return null;
  const start = quoted || last?.kind === 'word' ? last.start : offset;
  const cursor = cursorAt(text, offset);
  const at = cursor.list.tokens.findLastIndex(({ end }) => end <= start - cursor.start);
  const path = comparedAt(cursor, at);
  const core = cursor.core;
  const origin = path === null || core === null ? null : originOf(path, core, tables);
  if (origin === null) return null;
  const from = quoted ? start + 1 : start;
  const typed = text.slice(from, offset);
  return { ...origin, from, typed: quoted ? typed.replaceAll("''", "'") : typed, quoted };
}

const SIGNS = new Set(['=', '<', '>', '!']);
const TYPES = new Set(['date', 'timestamp', 'timestamptz']);

/** The name of the column that is compared with what stands behind the token. */
function comparedAt({ list }: Cursor, last: number): readonly string[] | null {
  // As in `day >= DATE '2001-…`.
  let at = TYPES.has(list.word(last)) ? last - 1 : last;
  if (SIGNS.has(list.text(at))) {
    while (SIGNS.has(list.text(at))) at -= 1;
    return nameBefore(list, at);
  }
  if (list.word(at) === 'from' && list.word(at - 1) === 'distinct') {
    at -= list.word(at - 2) === 'not' ? 3 : 2;
    return list.word(at) === 'is' ? nameBefore(list, at - 1) : null;
  }
  if (list.word(at) === 'and') {
    // The lower bound is one literal, perhaps with its type before it.
    at -= TYPES.has(list.word(at - 2)) ? 3 : 2;
    return list.word(at) === 'between' ? beforeNot(list, at) : null;
  }
  if (['like', 'ilike', 'between'].includes(list.word(at))) return beforeNot(list, at);
  while (list.text(at) === ',' && isLiteral(list, at - 1)) at -= 2;
  return list.text(at) === '(' && list.word(at - 1) === 'in' ? beforeNot(list, at - 1) : null;
}

type Tokens = Cursor['list'];

function isLiteral(list: Tokens, at: number): boolean {
  const kind = list.tokens[at]?.kind;
  return kind === 'string' || kind === 'number';
}

function beforeNot(list: Tokens, operator: number): readonly string[] | null {
  return nameBefore(list, list.word(operator - 1) === 'not' ? operator - 2 : operator - 1);
}

function nameBefore(list: Tokens, last: number): readonly string[] | null {
  if (!list.isName(last)) return null;
  const path = [list.name(last).text];
  let at = last;
  while (list.text(at - 1) === '.' && list.isName(at - 2)) {
    at -= 2;
    path.unshift(list.name(at).text);
  }
  return path;
}
