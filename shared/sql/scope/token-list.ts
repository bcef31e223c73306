import { significantTokens, type Token } from '../tokenize.ts';
import { CLAUSES } from './clause-words.ts';
import type { Name } from './scope-types.ts';

/** The tokens that mean something, with the partner of each parenthesis. */
export class TokenList {
  readonly sql: string;
  readonly tokens: readonly Token[];
  readonly #partners = new Map<number, number>();

  constructor(sql: string) {
    this.sql = sql;
    this.tokens = significantTokens(sql);
    const open: number[] = [];
    this.tokens.forEach((_, at) => {
      const text = this.text(at);
      if (text === '(' || text === '[' || text === '{') open.push(at);
      if (text === ')' || text === ']' || text === '}') {
        const partner = open.pop();
        if (partner === undefined) return;
        this.#partners.set(partner, at);
        this.#partners.set(at, partner);
      }
    });
  }

  get length(): number {
    return this.tokens.length;
  }

  text(at: number): string {
    const token = this.tokens[at];
    return token === undefined ? '' : this.sql.slice(token.start, token.end);
  }

  /** The keyword at a place in lower case; '' where there is none. */
  word(at: number): string {
    return this.tokens[at]?.kind === 'word' ? this.text(at).toLowerCase() : '';
  }

  isName(at: number): boolean {
    const kind = this.tokens[at]?.kind;
    return kind === 'word' || kind === 'quoted-identifier';
  }

  isOpening(at: number): boolean {
    return '([{'.includes(this.text(at)) && this.tokens[at]?.kind === 'symbol';
  }

  isClosing(at: number): boolean {
    return ')]}'.includes(this.text(at)) && this.tokens[at]?.kind === 'symbol';
  }

  /** Index of what closes a parenthesis or opened it; undefined where that is not written. */
  partner(at: number): number | undefined {
    return this.#partners.get(at);
  }

  /** Behind what is in parentheses here, else behind the token. */
  behind(at: number): number {
    return this.isOpening(at) ? this.closing(at, this.length) + 1 : at + 1;
  }

  /** Index of the closing parenthesis, or of the end where it is not written yet. */
  closing(open: number, end: number): number {
    return Math.min(this.partner(open) ?? end, end);
  }

  /** Where the token begins; after the last one, where the text ends. */
  start(at: number): number {
    return this.tokens[at]?.start ?? this.sql.length;
  }

  end(at: number): number {
    return this.tokens[at]?.end ?? this.sql.length;
  }

  name(at: number): Name {
    return { text: unquote(this.text(at)), start: this.start(at), end: this.end(at) };
  }

  /**
   * Whether the word is one part of a dotted name. In `t. FROM`, where the part is not written yet, the next clause
   * is none.
   */
  isPart(at: number): boolean {
    return this.text(at - 1) === '.' && (this.start(at) === this.end(at - 1) || !CLAUSES.has(this.word(at)));
  }

  /** A dotted name from `at` on. */
  path(at: number): { readonly path: readonly Name[]; readonly next: number } {
    const path: Name[] = [];
    let next = at;
    while (this.isName(next) && (next === at || this.isPart(next))) {
      path.push(this.name(next));
      next += 1;
      if (this.text(next) !== '.') break;
      next += 1;
    }
    return { path, next };
  }
}

export function unquote(name: string): string {
  if (!name.startsWith('"')) return name;
  const closed = name.length > 1 && name.endsWith('"');
  return name.slice(1, closed ? -1 : undefined).replaceAll('""', '"');
}
