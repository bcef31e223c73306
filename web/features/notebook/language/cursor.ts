import { coreAt } from '#shared/sql/scope/resolve.ts';
import { readScopes } from '#shared/sql/scope/read-scopes.ts';
import type { Core, Query } from '#shared/sql/scope/scope-types.ts';
import { TokenList } from '#shared/sql/scope/token-list.ts';
import { statementAt } from '#shared/sql/statements.ts';

/** One statement around a place in a text, read for its names. */
export interface Cursor {
  /** Where the statement begins in the text; what is below counts from there. */
  readonly start: number;
  readonly sql: string;
  /** UTF-16 offset into the statement. */
  readonly offset: number;
  readonly list: TokenList;
  readonly query: Query;
  /** The SELECT that the place is in. */
  readonly core: Core | null;
}

export function cursorAt(text: string, offset: number): Cursor {
  const statement = statementAt(text, offset);
  const start = statement?.start ?? 0;
  // What is typed behind the last word still belongs to the statement.
  const sql = statement === null ? text : text.slice(start, Math.max(statement.end, offset));
  const at = offset - start;
  const query = readScopes(sql);
  return { start, sql, offset: at, list: new TokenList(sql), query, core: coreAt(query, at) };
}

/** Index of the token that holds the place, or ends right there; -1 where there is none. */
export function tokenAt({ list }: Cursor, offset: number): number {
  const starting = list.tokens.findIndex((token) => token.start <= offset && offset < token.end);
  if (starting >= 0 && (list.isName(starting) || list.tokens[starting]?.kind === 'string')) return starting;
  const ending = list.tokens.findIndex((token) => token.end === offset);
  return ending >= 0 ? ending : starting;
}

/** A dotted name as far as one of its parts. */
export interface NamePart {
  /** Names up to the part, unquoted. */
  readonly path: readonly string[];
  readonly start: number;
  readonly end: number;
  /** Whether further parts come after it. */
  readonly qualifies: boolean;
  /** Whether it is called as a function. */
  readonly called: boolean;
  /** Index of the token. */
  readonly at: number;
}

/** The name at the place; null where there is none. */
export function nameAt(cursor: Cursor): NamePart | null {
  const at = tokenAt(cursor, cursor.offset);
  const { list } = cursor;
  if (at < 0 || !list.isName(at)) return null;
  const path = [list.name(at).text];
  for (let before = at; list.text(before - 1) === '.' && list.isName(before - 2); before -= 2)
    path.unshift(list.name(before - 2).text);
  return {
    path,
    start: list.start(at),
    end: list.end(at),
    qualifies: list.text(at + 1) === '.',
    called: list.text(at + 1) === '(',
    at,
  };
}
