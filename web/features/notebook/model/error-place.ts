import { isAppError } from '#shared/errors/app-error.ts';
import { tokenize, type Token } from '#shared/sql/tokenize.ts';

export interface Place {
  /** UTF-16 offsets, end exclusive. */
  readonly start: number;
  readonly end: number;
}

/** Where in the SQL an error is, as its context says (`position`, or `line` and `column` from 1); null where it does not. */
export function errorPlace(error: unknown, sql: string): Place | null {
  if (!isAppError(error)) return null;
  const { position, line, column } = error.context;
  if (typeof position === 'number') return tokenAt(sql, position);
  if (typeof line !== 'number' || typeof column !== 'number') return null;
  const lines = sql.split('\n');
  const before = lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0);
  return tokenAt(sql, before + column - 1);
}

/** Names that the error offers in place of the wrong one. */
export function errorSuggestions(error: unknown): readonly string[] {
  if (!isAppError(error)) return [];
  const { suggestions } = error.context;
  return Array.isArray(suggestions)
    ? suggestions.filter((each): each is string => typeof each === 'string')
    : [];
}

/**
 * The SQL with the name at `place` replaced. A suggestion of several parts ("bronze.flights") replaces the whole
 * dotted name, a single one ("delay") only its last part.
 */
export function applySuggestion(sql: string, place: Place, suggestion: string): string {
  // A version in AT (…) is text in quotes, and so is what takes its place.
  if (sql[place.start] === "'") {
    return `${sql.slice(0, place.start)}'${suggestion.replaceAll("'", "''")}'${sql.slice(place.end)}`;
  }
  const { start, end } = suggestion.includes('.') ? place : lastPart(sql, place);
  return sql.slice(0, start) + suggestion + sql.slice(end);
}

/** The token at an offset, with the rest of a dotted name; at the end or in a gap, the one before it. */
function tokenAt(sql: string, offset: number): Place {
  const tokens = [...tokenize(sql)].filter((token) => token.kind !== 'space' && token.kind !== 'comment');
  const first = tokens.findLastIndex((token) => token.start <= offset);
  const found = tokens[first];
  if (found === undefined) return { start: 0, end: sql.length };
  return { start: found.start, end: tokens[lastOfName(sql, tokens, first)]?.end ?? found.end };
}

function lastOfName(sql: string, tokens: readonly Token[], first: number): number {
  const isName = (token: Token | undefined) => token?.kind === 'word' || token?.kind === 'quoted-identifier';
  let last = first;
  while (isName(tokens[last]) && isDot(sql, tokens[last + 1]) && isName(tokens[last + 2])) last += 2;
  return last;
}

function isDot(sql: string, token: Token | undefined): boolean {
  return token !== undefined && sql.slice(token.start, token.end) === '.';
}

function lastPart(sql: string, place: Place): Place {
  const tokens = [...tokenize(sql)];
  const first = tokens.findIndex((token) => token.start === place.start);
  if (first < 0) return place;
  return { start: tokens[lastOfName(sql, tokens, first)]?.start ?? place.start, end: place.end };
}
