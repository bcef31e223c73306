import { AppError } from '#shared/errors/app-error.ts';
import { lineColumn } from '#shared/sql/positions.ts';
import { significantTokens, type Token } from '#shared/sql/tokenize.ts';

export type RefType = 'BRANCH' | 'TAG';

/** A statement about branches and tags, not about a table. */
export type RefStatement =
  | {
      readonly kind: 'create-ref';
      readonly type: RefType;
      readonly name: string;
      readonly ifNotExists: boolean;
      /** Ref expression; null where it begins where the statement runs. */
      readonly from: string | null;
    }
  | { readonly kind: 'drop-ref'; readonly type: RefType; readonly name: string; readonly ifExists: boolean }
  | { readonly kind: 'merge-ref'; readonly from: string; readonly into: string | null };

/**
 * `CREATE BRANCH|TAG [IF NOT EXISTS] a [FROM b]`, `DROP BRANCH|TAG [IF EXISTS] a`, `MERGE BRANCH a [INTO b]`; null
 * for any other statement. A name stands bare (feature/x, main@6ef68846) or in quotes of either kind.
 *
 * @throws SQL_SYNTAX
 */
export function parseRefStatement(sql: string): RefStatement | null {
  const reader = new RefReader(sql);
  const [first, second] = [reader.word(), reader.word(1)];
  const type = second === 'BRANCH' || second === 'TAG' ? second : null;
  if (type === null || !['CREATE', 'DROP', 'MERGE'].includes(first)) return null;
  reader.skip(2);
  if (first === 'CREATE') {
    const ifNotExists = reader.take('IF', 'NOT', 'EXISTS');
    const name = reader.name(`the name of the ${type.toLowerCase()}`);
    const from = reader.take('FROM') || reader.take('AT') ? reader.name('a branch, tag or commit') : null;
    return reader.finish({ kind: 'create-ref', type, name, ifNotExists, from });
  }
  if (first === 'DROP') {
    const ifExists = reader.take('IF', 'EXISTS');
    return reader.finish({
      kind: 'drop-ref',
      type,
      name: reader.name(`the name of the ${type.toLowerCase()}`),
      ifExists,
    });
  }
  const from = reader.name('what is merged');
  const into = reader.take('INTO') ? reader.name('the branch that it is merged into') : null;
  return reader.finish({ kind: 'merge-ref', from, into });
}

class RefReader {
  readonly #sql: string;
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(sql: string) {
    this.#sql = sql;
    const tokens = significantTokens(sql);
    this.#tokens = this.#textOf(tokens.at(-1)) === ';' ? tokens.slice(0, -1) : tokens;
  }

  word(ahead = 0): string {
    const token = this.#tokens[this.#at + ahead];
    return token?.kind === 'word' ? this.#textOf(token).toUpperCase() : '';
  }

  skip(count: number): void {
    this.#at += count;
  }

  take(...words: readonly string[]): boolean {
    if (!words.every((word, index) => this.word(index) === word)) return false;
    this.#at += words.length;
    return true;
  }

  /** One quoted text, or all that stands together without a space. */
  name(what: string): string {
    const first = this.#tokens[this.#at];
    if (first === undefined) throw this.#unexpected(what);
    this.#at += 1;
    const text = this.#textOf(first);
    if (first.kind === 'string' || first.kind === 'quoted-identifier') {
      const quote = text.charAt(0);
      if (first.open || !`'"`.includes(quote)) throw this.#unexpected(what, first);
      return text.slice(1, -1).replaceAll(quote + quote, quote);
    }
    let end = first.end;
    for (let next = this.#tokens[this.#at]; next?.start === end; next = this.#tokens[this.#at]) {
      end = next.end;
      this.#at += 1;
    }
    return this.#sql.slice(first.start, end);
  }

  finish(statement: RefStatement): RefStatement {
    if (this.#at < this.#tokens.length) throw this.#unexpected('the end of the statement');
    return statement;
  }

  #textOf(token: Token | undefined): string {
    return token === undefined ? '' : this.#sql.slice(token.start, token.end);
  }

  #unexpected(what: string, token = this.#tokens[this.#at]): AppError {
    const position = token?.start ?? this.#sql.length;
    const found = token === undefined ? 'the text ends' : `there is "${this.#textOf(token)}"`;
    return new AppError('SQL_SYNTAX', `Expected ${what}; ${found}.`, {
      context: { position, ...lineColumn(this.#sql, position) },
    });
  }
}
