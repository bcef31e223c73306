import type { SqlOutline } from '#shared/contract/notebook-relations.ts';
import { unquote } from '#shared/sql/scope/token-list.ts';
import { significantTokens, type Token } from '#shared/sql/tokenize.ts';

const BATCH_MS = 120;
const KEPT = 2000;
const MOST_AT_ONCE = 400;

type Load = (statements: readonly string[]) => Promise<readonly SqlOutline[]>;

/** What SQL texts name, as the server's parser finds it. Each text is asked for once, many in one request. */
export class Outliner {
  readonly #load: Load;
  readonly #known = new Map<string, SqlOutline>();
  readonly #asked = new Map<string, Promise<void>>();
  /** What an earlier visit knew, for when the server is away. */
  readonly #earlier = new Map<string, SqlOutline>();
  /** Texts that can't be known for now. */
  readonly #failed = new Set<string>();
  readonly #listeners = new Set<() => void>();
  #waiting = new Set<string>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Grows when something became known, or can't be. */
  version = 0;

  constructor(load: Load) {
    this.#load = load;
  }

  readonly outlineOf = (sql: string): SqlOutline | undefined => this.#known.get(sql);

  /** True while it is about to become known what a text names. */
  readonly isPending = (sql: string): boolean => !this.#known.has(sql) && !this.#failed.has(sql);

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Asks for texts soon, with others that come meanwhile. Where the server is away, nothing becomes known. */
  request(texts: readonly string[]): void {
    for (const text of texts) if (!this.#known.has(text) && !this.#asked.has(text)) this.#waiting.add(text);
    if (this.#waiting.size === 0) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#send(), BATCH_MS);
  }

  /** Takes what an earlier visit knew in the place of answers that do not come. */
  remember(outlines: Iterable<readonly [string, SqlOutline]>): void {
    for (const [text, outline] of outlines) this.#earlier.set(text, outline);
    if (this.#failed.size > 0) this.#fail([...this.#failed]);
  }

  /** Asks again for what could not be known, such as when the server is back. */
  retry(): void {
    this.request([...this.#failed]);
  }

  /** Resolves once these texts are known, or can't be. */
  async ensure(texts: readonly string[]): Promise<void> {
    this.request(texts);
    clearTimeout(this.#timer);
    await this.#send();
    await Promise.all(texts.map(async (text) => this.#asked.get(text)));
  }

  async #send(): Promise<void> {
    const texts = [...this.#waiting].slice(0, MOST_AT_ONCE);
    this.#waiting = new Set([...this.#waiting].slice(MOST_AT_ONCE));
    if (texts.length === 0) return;
    const answer = this.#receive(texts);
    for (const text of texts) this.#asked.set(text, answer);
    await answer;
    await this.#send();
  }

  async #receive(texts: readonly string[]): Promise<void> {
    try {
      const outlines = await this.#load(texts);
      for (const [index, text] of texts.entries()) {
        const outline = outlines[index];
        if (outline === undefined) continue;
        this.#known.set(text, outline);
        this.#failed.delete(text);
      }
      for (const old of [...this.#known.keys()].slice(0, Math.max(0, this.#known.size - KEPT)))
        this.#known.delete(old);
      this.#becameKnown();
    } catch {
      this.#fail(texts);
    } finally {
      for (const text of texts) this.#asked.delete(text);
    }
  }

  /** Running says what is wrong; until then cells of which nothing was ever known count as reading nothing. */
  #fail(texts: readonly string[]): void {
    for (const text of texts) {
      const outline = this.#earlier.get(text);
      if (outline === undefined) this.#failed.add(text);
      else {
        this.#known.set(text, outline);
        this.#failed.delete(text);
      }
    }
    this.#becameKnown();
  }

  #becameKnown(): void {
    this.version += 1;
    for (const listener of this.#listeners) listener();
  }
}

/**
 * False where a text surely names none of these cells and no input: it holds none of the names as a word. Saves asking
 * the parser, which alone knows whether a word is the name of a relation.
 */
export function mayNameCells(sql: string, names: ReadonlySet<string>): boolean {
  return significantTokens(sql).some(
    (token) => token.kind === 'parameter' || names.has(nameOf(sql, token) ?? ''),
  );
}

/** Which of some names, in lower case, a text has as a word or in quotes, whatever they stand for there. */
export function namesIn(sql: string, names: ReadonlySet<string>): ReadonlySet<string> {
  const found = new Set<string>();
  for (const token of significantTokens(sql)) {
    const name = nameOf(sql, token);
    if (name !== null && names.has(name)) found.add(name);
  }
  return found;
}

/** The name that a token may be, in lower case; null where it can be none. */
export function nameOf(sql: string, { kind, start, end }: Token): string | null {
  if (kind !== 'word' && kind !== 'quoted-identifier') return null;
  return unquote(sql.slice(start, end)).toLowerCase();
}
