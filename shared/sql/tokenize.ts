export type TokenKind =
  | 'space'
  | 'comment'
  /** A keyword or an unquoted identifier. */
  | 'word'
  | 'quoted-identifier'
  /** 'a', E'a', x'00', $tag$a$tag$. */
  | 'string'
  | 'number'
  /** $1, $name. */
  | 'parameter'
  /** One character of punctuation or of an operator. */
  | 'symbol';

export interface Token {
  readonly kind: TokenKind;
  /** UTF-16 offsets into the SQL, end exclusive. */
  readonly start: number;
  readonly end: number;
  /** True for a comment, string or quoted identifier that the text ends inside of. */
  readonly open: boolean;
}

const SPACE = /[\s\u00a0\ufeff]+/y;
const WORD = /[A-Za-z_\u0080-\uffff][A-Za-z0-9_$\u0080-\uffff]*/y;
const NUMBER = /(?:0[xX][0-9a-fA-F_]+|0[bB][01_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?)/y;
const LINE_COMMENT = /--[^\n\r]*/y;
const PARAMETER = /\$[A-Za-z0-9_\u0080-\uffff]+/y;
const DOLLAR_TAG = /\$(?:[A-Za-z_\u0080-\uffff][A-Za-z0-9_\u0080-\uffff]*)?\$/y;

/**
 * The lexical structure of DuckDB SQL, whether it parses or not: every character belongs to exactly one token,
 * in order. After DuckDB's own scanner (third_party/libpg_query/scan.l): block comments nest, E-strings take
 * backslash escapes, `$tag$` quotes run to the same tag.
 */
export function* tokenize(sql: string): Generator<Token, void, undefined> {
  let at = 0;
  while (at < sql.length) {
    const token = nextToken(sql, at);
    yield token;
    at = token.end;
  }
}

/**
 * Tokens that mean something to the parser: no spaces and no comments.
 *
 * @param most the first so many of them; what is behind is not looked at
 */
export function significantTokens(sql: string, most = Number.POSITIVE_INFINITY): Token[] {
  const found: Token[] = [];
  for (const token of tokenize(sql)) {
    if (found.length >= most) break;
    if (token.kind !== 'space' && token.kind !== 'comment') found.push(token);
  }
  return found;
}

function nextToken(sql: string, at: number): Token {
  const make = (kind: TokenKind, end: number, open = false): Token => ({ kind, start: at, end, open });
  const char = sql.charAt(at);
  // What long lists are made of: they are told by their first character.
  if (char >= '0' && char <= '9') return make('number', match(NUMBER, sql, at));
  if (char === ',' || char === '(' || char === ')') return make('symbol', at + 1);
  const space = match(SPACE, sql, at);
  if (space > at) return make('space', space);
  if (char === "'") return quoted(sql, at, at, "'", false, 'string');
  if (char === '"') return quoted(sql, at, at, '"', false, 'quoted-identifier');
  if (/[eExXbB]/.test(char) && sql.charAt(at + 1) === "'")
    return quoted(sql, at, at + 1, "'", char === 'e' || char === 'E', 'string');
  if (sql.startsWith('--', at)) return make('comment', match(LINE_COMMENT, sql, at));
  if (sql.startsWith('/*', at)) return blockComment(sql, at);
  if (char === '$') return dollar(sql, at);
  const word = match(WORD, sql, at);
  if (word > at) return make('word', word);
  const number = match(NUMBER, sql, at);
  if (number > at) return make('number', number);
  return make('symbol', at + 1);
}

function match(pattern: RegExp, sql: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(sql) ? pattern.lastIndex : at;
}

function quoted(
  sql: string,
  start: number,
  quoteAt: number,
  quote: string,
  backslash: boolean,
  kind: TokenKind,
): Token {
  let at = quoteAt + 1;
  while (at < sql.length) {
    const char = sql.charAt(at);
    if (backslash && char === '\\') at += 2;
    else if (char !== quote) at = backslash ? at + 1 : indexOrEnd(sql, quote, at);
    else if (sql.charAt(at + 1) === quote) at += 2;
    else return { kind, start, end: at + 1, open: false };
  }
  return { kind, start, end: sql.length, open: true };
}

function indexOrEnd(sql: string, text: string, from: number): number {
  const index = sql.indexOf(text, from);
  return index < 0 ? sql.length : index;
}

function blockComment(sql: string, start: number): Token {
  let depth = 1;
  let at = start + 2;
  while (at < sql.length) {
    if (sql.startsWith('/*', at)) {
      depth += 1;
      at += 2;
    } else if (sql.startsWith('*/', at)) {
      depth -= 1;
      at += 2;
      if (depth === 0) return { kind: 'comment', start, end: at, open: false };
    } else at += 1;
  }
  return { kind: 'comment', start, end: sql.length, open: true };
}

function dollar(sql: string, start: number): Token {
  const tagEnd = match(DOLLAR_TAG, sql, start);
  if (tagEnd > start) {
    const tag = sql.slice(start, tagEnd);
    const close = sql.indexOf(tag, tagEnd);
    if (close < 0) return { kind: 'string', start, end: sql.length, open: true };
    return { kind: 'string', start, end: close + tag.length, open: false };
  }
  const parameter = match(PARAMETER, sql, start);
  if (parameter > start) return { kind: 'parameter', start, end: parameter, open: false };
  return { kind: 'symbol', start, end: start + 1, open: false };
}
