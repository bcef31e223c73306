import { lineColumn, type Utf16Offsets } from '#shared/sql/positions.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { Token } from '#shared/sql/tokenize.ts';
import { lastAtOrBefore } from '#shared/util/last-at-or-before.ts';
import { isNode, locationOf, textOf, textsOf, type AstNode } from './ast.ts';
import type { Splice } from './splices.ts';

/** A table of the catalog where a query names it. */
export interface TableReference {
  /** One to three parts, as written. */
  readonly name: readonly string[];
  /** What columns may be qualified by. */
  readonly alias: string;
  readonly aliasWritten: boolean;
  readonly at: AtClause | null;
  /** UTF-16 offset of the name in the SQL. */
  readonly position: number;
  /** What has to be replaced: the name, with what must go before its substitute… */
  readonly span: { readonly start: number; readonly end: number; readonly prefix: string };
  /** …and the AT clause, which goes away. */
  readonly atSpan: Splice | null;
}

export interface AtClause {
  readonly unit: 'VERSION' | 'TIMESTAMP';
  /** The SQL of its value. */
  readonly sql: string;
  /** UTF-16 offset of the value. */
  readonly position: number;
  readonly expression: AstNode;
}

/** Statements that name a table where a query would have to stand instead. */
const TAKES_NAME = new Set(['TABLE', 'DESCRIBE', 'DESC', 'SHOW', 'SUMMARIZE']);

/** Finds where BASE_TABLE nodes stand in the text. */
export class TableLocator {
  readonly #sql: string;
  readonly #offsets: Utf16Offsets;
  readonly #tokens: readonly Token[];

  /** @param tokens of the SQL, those that mean something */
  constructor(sql: string, offsets: Utf16Offsets, tokens: readonly Token[]) {
    this.#sql = sql;
    this.#offsets = offsets;
    this.#tokens = tokens;
  }

  /** @throws UNSUPPORTED where the text is not what the node says it is. */
  locate(table: AstNode): TableReference {
    const name = ['catalog_name', 'schema_name', 'table_name']
      .map((key) => textOf(table[key]))
      .filter((part) => part !== '');
    const bytes = locationOf(table);
    const position = bytes === null ? -1 : this.#offsets.of(bytes);
    const first = this.#tokenAt(position);
    const last = first + 2 * (name.length - 1);
    const end = this.#tokens[last]?.end;
    if (first < 0 || end === undefined || !this.#isName(first, last)) throw this.#unreadable(name, position);

    const written = textOf(table['alias']);
    const before = this.#word(first - 1);
    const start = before === 'TABLE' ? (this.#tokens[first - 1]?.start ?? position) : position;
    return {
      name,
      alias: written === '' ? (name.at(-1) ?? '') : written,
      aliasWritten: written !== '',
      position,
      span: { start, end, prefix: TAKES_NAME.has(before) ? 'SELECT * FROM ' : '' },
      ...this.#at(table, last + 1, name, position),
    };
  }

  /** The text span of the first `count` parts of a dotted name that starts at `position`. */
  qualifierSpan(position: number, count: number): { start: number; end: number } | null {
    const first = this.#tokenAt(position);
    const last = first + 2 * (count - 1);
    const end = this.#tokens[last]?.end;
    return first < 0 || end === undefined || !this.#isName(first, last) ? null : { start: position, end };
  }

  /** Index of the token that starts at an offset; -1 where none does. */
  #tokenAt(offset: number): number {
    const index = lastAtOrBefore(this.#tokens, ({ start }) => start, offset);
    return this.#tokens[index]?.start === offset ? index : -1;
  }

  #isName(first: number, last: number): boolean {
    for (let at = first + 1; at < last; at += 2) if (this.#text(at) !== '.') return false;
    return true;
  }

  #at(
    table: AstNode,
    next: number,
    name: readonly string[],
    position: number,
  ): Pick<TableReference, 'at' | 'atSpan'> {
    const clause = table['at_clause'];
    if (!isNode(clause) || !isNode(clause['expr'])) return { at: null, atSpan: null };

    let index = next;
    const alias = textOf(table['alias']);
    // Before the alias, as other engines write it: see aliasesBeforeAt.
    const first = this.#word(next) === 'AT' && this.#text(next + 1) === '(' && this.#text(next + 3) === '=';
    if (!first) {
      if (alias !== '' && this.#text(next - 2 * name.length) !== ':')
        index += this.#word(index) === 'AS' ? 2 : 1;
      if (textsOf(table['column_name_alias']).length > 0) index = this.#closing(index) + 1;
    }
    const open = this.#tokens[index + 1];
    const close = this.#tokens[this.#closing(index + 1)];
    // AT ( VERSION => value )
    const value = this.#tokens[index + 5];
    const start = this.#tokens[index]?.start;
    if (
      this.#word(index) !== 'AT' ||
      open === undefined ||
      close === undefined ||
      value === undefined ||
      start === undefined
    )
      throw this.#unreadable(name, position);
    return {
      at: {
        unit: clause['unit'] === 'TIMESTAMP' ? 'TIMESTAMP' : 'VERSION',
        sql: this.#sql.slice(value.start, close.start),
        position: value.start,
        expression: clause['expr'],
      },
      atSpan: { start, end: close.end, text: '' },
    };
  }

  /** Index of the parenthesis that closes the one at `index`; -1 where there is none. */
  #closing(index: number): number {
    if (this.#text(index) !== '(') return -1;
    let depth = 0;
    for (let at = index; at < this.#tokens.length; at += 1) {
      const text = this.#text(at);
      if (text === '(') depth += 1;
      else if (text === ')') depth -= 1;
      if (depth === 0) return at;
    }
    return -1;
  }

  #text(index: number): string {
    const token = this.#tokens[index];
    return token === undefined ? '' : this.#sql.slice(token.start, token.end);
  }

  #word(index: number): string {
    return this.#tokens[index]?.kind === 'word' ? this.#text(index).toUpperCase() : '';
  }

  #unreadable(name: readonly string[], position: number): AppError {
    return new AppError(
      'UNSUPPORTED',
      `This way of naming the table ${name.join('.')} can't be read against a snapshot; write FROM ${name.join('.')} AS alias.`,
      { context: position < 0 ? {} : { position, ...lineColumn(this.#sql, position) } },
    );
  }
}
