import { significantTokens, type Token } from '#shared/sql/tokenize.ts';
import type { AppError } from '#shared/errors/app-error.ts';
import { sqlError } from '../analyze/parse.ts';

/** A part of a statement's text; UTF-16 offsets, end exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** The parts of a name, unquoted, and where they stand. */
export interface NamedTable {
  readonly parts: readonly string[];
  readonly span: Span;
}

/**
 * Reads the outer shape of a statement token by token. Queries and expressions inside are taken as spans of text:
 * DuckDB's own parser reads those.
 */
export class TokenCursor {
  readonly sql: string;
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(sql: string) {
    this.sql = sql;
    const tokens = significantTokens(sql);
    const last = tokens.at(-1);
    this.#tokens =
      last !== undefined && sql.slice(last.start, last.end) === ';' ? tokens.slice(0, -1) : tokens;
  }

  get done(): boolean {
    return this.#at >= this.#tokens.length;
  }

  /** Where the next token starts; the end of the text behind the last one. */
  get position(): number {
    return this.#tokens[this.#at]?.start ?? this.#tokens.at(-1)?.end ?? 0;
  }

  /** Where the token that was taken last ends. */
  get lastEnd(): number {
    return this.#tokens[this.#at - 1]?.end ?? 0;
  }

  /** The text of a token: words in upper case, so that keywords can be compared. */
  peek(ahead = 0): string {
    const token = this.#tokens[this.#at + ahead];
    if (token === undefined) return '';
    const text = this.sql.slice(token.start, token.end);
    return token.kind === 'word' ? text.toUpperCase() : text;
  }

  kind(ahead = 0): Token['kind'] | null {
    return this.#tokens[this.#at + ahead]?.kind ?? null;
  }

  /** Whether these keywords or symbols come next. */
  is(...words: readonly string[]): boolean {
    return words.every(
      (word, index) => this.kind(index) !== 'quoted-identifier' && this.peek(index) === word,
    );
  }

  /** Takes these, all or none. */
  take(...words: readonly string[]): boolean {
    if (!this.is(...words)) return false;
    this.#at += words.length;
    return true;
  }

  /** @throws SQL_SYNTAX where something else comes next */
  expect(...words: readonly string[]): void {
    for (const word of words) if (!this.take(word)) throw this.unexpected(word);
  }

  skip(): void {
    this.#at += 1;
  }

  isIdentifier(ahead = 0): boolean {
    const kind = this.kind(ahead);
    return kind === 'word' || kind === 'quoted-identifier';
  }

  identifier(what: string): string {
    const token = this.#tokens[this.#at];
    if (token === undefined || !this.isIdentifier()) throw this.unexpected(what);
    this.#at += 1;
    const text = this.sql.slice(token.start, token.end);
    return token.kind === 'word' ? text : text.slice(1, -1).replaceAll('""', '"');
  }

  /** A dotted name. */
  path(what: string): readonly string[] {
    const parts = [this.identifier(what)];
    while (this.take('.')) parts.push(this.identifier(what));
    return parts;
  }

  table(): NamedTable {
    const start = this.position;
    const parts = this.path("a table's name");
    const span = { start, end: this.lastEnd };
    if (this.is('AT', '('))
      throw this.error(
        'FORBIDDEN',
        'What was is read-only: a write goes to the head of a branch, so take AT (…) away.',
      );
    return { parts, span };
  }

  text(what: string): string {
    const token = this.#tokens[this.#at];
    const text = token === undefined ? '' : this.sql.slice(token.start, token.end);
    if (token?.kind !== 'string' || !text.startsWith("'") || token.open) throw this.unexpected(what);
    this.#at += 1;
    return text.slice(1, -1).replaceAll("''", "'");
  }

  /**
   * Takes everything up to one of these words outside of parentheses, or to a parenthesis that closes none of them.
   *
   * @throws SQL_SYNTAX where there is nothing
   */
  until(what: string, stops: (cursor: TokenCursor) => boolean): Span {
    const start = this.position;
    const first = this.#at;
    let depth = 0;
    let cases = 0;
    while (!this.done) {
      const text = this.kind() === 'quoted-identifier' ? '' : this.peek();
      if (depth === 0 && cases === 0 && this.#at >= first && stops(this)) break;
      if (text === '(' || text === '[' || text === '{') depth += 1;
      else if (text === ')' || text === ']' || text === '}') depth -= 1;
      else if (text === 'CASE') cases += 1;
      else if (text === 'END' && cases > 0) cases -= 1;
      if (depth < 0) break;
      this.#at += 1;
    }
    if (this.#at === first) throw this.unexpected(what);
    return { start, end: this.lastEnd };
  }

  /** What is between the parenthesis that comes next and the one that closes it, which may be nothing. */
  parenthesized(): Span {
    this.expect('(');
    const start = this.position;
    if (this.is(')')) {
      this.skip();
      return { start, end: start };
    }
    const span = this.until('something in parentheses', () => false);
    this.expect(')');
    return span;
  }

  /** Items with commas between, in parentheses. */
  list<T>(item: () => T): T[] {
    this.expect('(');
    const items = [item()];
    while (this.take(',')) items.push(item());
    this.expect(')');
    return items;
  }

  /** @throws SQL_SYNTAX where text is left */
  finish(): void {
    if (this.is('RETURNING'))
      throw this.error('UNSUPPORTED', 'RETURNING is not supported; query the table after the statement.');
    if (!this.done) throw this.unexpected('the end of the statement');
  }

  unexpected(wanted: string): AppError {
    const { position } = this;
    const found = this.done
      ? 'the text ends'
      : `there is ${this.sql.slice(position, this.#tokens[this.#at]?.end)}`;
    return sqlError(
      'SQL_SYNTAX',
      `The SQL does not parse: ${found} where ${wanted} should stand.`,
      this.sql,
      position,
    );
  }

  error(
    code: 'SQL_SYNTAX' | 'UNSUPPORTED' | 'INVALID_INPUT' | 'FORBIDDEN',
    message: string,
    position = this.position,
  ): AppError {
    return sqlError(code, message, this.sql, position);
  }
}
