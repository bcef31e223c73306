import { significantTokens } from './tokenize.ts';

const SIMPLE = new Set(
  `BIGINT BIGNUM BIT BLOB BOOLEAN DATE DOUBLE FLOAT HUGEINT INTEGER INTERVAL NULL SMALLINT TIME TIME_NS TIMESTAMP
   TIMESTAMP_MS TIMESTAMP_NS TIMESTAMP_S TINYINT UBIGINT UHUGEINT UINTEGER USMALLINT UTINYINT UUID VARCHAR`.split(
    /\s+/,
  ),
);
const ZONED = ['WITH', 'TIME', 'ZONE'];
/** Deeper than any table that people make; a reader of such text need not fear for its stack. */
const DEEPEST = 64;

/** Whether a text is a DuckDB type and nothing else, as DuckDB prints types: it may then stand in a statement. */
export function isTypeText(text: string): boolean {
  const reader = new TypeReader(text);
  return reader.type(0) && reader.atEnd;
}

class TypeReader {
  readonly #words: readonly string[];
  #at = 0;

  constructor(text: string) {
    this.#words = significantTokens(text).map(({ start, end }) => text.slice(start, end));
  }

  get atEnd(): boolean {
    return this.#at === this.#words.length;
  }

  type(depth: number): boolean {
    if (depth > DEEPEST || !this.#base(depth)) return false;
    while (this.#take('[')) {
      this.#number();
      if (!this.#take(']')) return false;
    }
    return true;
  }

  #base(depth: number): boolean {
    const word = (this.#words[this.#at] ?? '').toUpperCase();
    this.#at += 1;
    if (word === 'STRUCT') return this.#list(() => this.#name() && this.type(depth + 1));
    if (word === 'MAP')
      return (
        this.#take('(') && this.type(depth + 1) && this.#take(',') && this.type(depth + 1) && this.#take(')')
      );
    if (word === 'DECIMAL')
      return this.#take('(') && this.#number() && this.#take(',') && this.#number() && this.#take(')');
    if (!SIMPLE.has(word)) return false;
    const zoned = word === 'TIME' || word === 'TIMESTAMP';
    if (zoned && this.#words[this.#at]?.toUpperCase() === 'WITH')
      return ZONED.every((next) => this.#take(next));
    return true;
  }

  #list(item: () => boolean): boolean {
    if (!this.#take('(')) return false;
    do if (!item()) return false;
    while (this.#take(','));
    return this.#take(')');
  }

  #name(): boolean {
    const word = this.#words[this.#at] ?? '';
    this.#at += 1;
    return word.startsWith('"') ? word.length > 2 && word.endsWith('"') : /^[\p{L}_]\w*$/u.test(word);
  }

  #number(): boolean {
    if (!/^\d{1,9}$/.test(this.#words[this.#at] ?? '')) return false;
    this.#at += 1;
    return true;
  }

  #take(word: string): boolean {
    if (this.#words[this.#at]?.toUpperCase() !== word) return false;
    this.#at += 1;
    return true;
  }
}
