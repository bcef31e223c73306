import { AFTER_TABLE, BEFORE_TABLE, CLAUSES, QUERY_STARTS, SET_OPERATIONS } from './clause-words.ts';
import type { Core, Cte, Name, Query, Source } from './scope-types.ts';
import { readSelectList } from './select-list.ts';
import { TokenList } from './token-list.ts';

/** Being filled while its text is read. */
type Draft<T> = {
  -readonly [K in keyof T]: T[K] extends readonly (infer Item)[] ? Item[] : T[K];
};

/**
 * The queries of one statement and the names that each sees. It reads SQL that is being written, and so takes
 * whatever it is given: what it can't place it skips.
 */
export function readScopes(sql: string): Query {
  return new ScopeReader(new TokenList(sql)).read();
}

class ScopeReader {
  readonly #list: TokenList;

  constructor(list: TokenList) {
    this.#list = list;
  }

  read(): Query {
    return this.#query(0, this.#list.length, null, null, 0, this.#list.sql.length);
  }

  /** @param from index of its first token, `to` of the one after its last */
  #query(
    from: number,
    to: number,
    outer: Core | null,
    parent: Query | null,
    start = this.#list.start(from),
    end = this.#list.start(to),
  ): Query {
    const query: Draft<Query> = { start, end, ctes: [], cores: [], outer, parent };
    let at = this.#list.word(from) === 'with' ? this.#ctes(from + 1, to, query) : from;
    while (at <= to) {
      const next = this.#endOfCore(at, to);
      query.cores.push(this.#core(at, next, query));
      at = next + 1;
      while (['all', 'distinct', 'by', 'name'].includes(this.#list.word(at))) at += 1;
      if (next >= to) break;
    }
    return query;
  }

  #endOfCore(from: number, to: number): number {
    for (let at = from; at < to; at += 1) {
      if (this.#list.isOpening(at)) at = this.#list.closing(at, to);
      else if (SET_OPERATIONS.has(this.#list.word(at))) return at;
    }
    return to;
  }

  /** @returns the index after the WITH clause */
  #ctes(from: number, to: number, query: Draft<Query>): number {
    const list = this.#list;
    let at = list.word(from) === 'recursive' ? from + 1 : from;
    while (at < to && list.isName(at)) {
      const first = at;
      const name = list.name(at);
      at += 1;
      let columnAliases: readonly Name[] = [];
      if (list.text(at) === '(') {
        const close = list.closing(at, to);
        columnAliases = this.#names(at + 1, close);
        at = close + 1;
      }
      while (at < to && list.text(at) !== '(' && list.text(at) !== ',' && !list.isName(at)) at += 1;
      while (['as', 'not', 'materialized', 'using', 'key'].includes(list.word(at))) {
        const key = list.word(at) === 'key';
        at += 1;
        if (key && list.text(at) === '(') at = list.closing(at, to) + 1;
      }
      const cte: Draft<Cte> = {
        name,
        columnAliases: [...columnAliases],
        query: null,
        start: list.start(first),
        end: 0,
      };
      // Before its body is read: a recursive one reads itself.
      query.ctes.push(cte);
      if (list.text(at) === '(') {
        const close = list.closing(at, to);
        cte.query = this.#query(at + 1, close, null, query, list.end(at), list.start(close));
        at = close + 1;
      }
      cte.end = list.start(at);
      if (list.text(at) !== ',') break;
      at += 1;
    }
    return Math.min(at, to);
  }

  #core(from: number, to: number, query: Query): Core {
    const list = this.#list;
    const core: Draft<Core> = {
      start: list.start(from),
      end: list.start(to),
      query,
      sources: [],
      outputs: [],
      nested: [],
    };
    const kind = list.word(from);
    let hasSelect = false;
    let inFrom = false;
    let at = from;
    // A whole SELECT in parentheses, as it may stand on either side of a UNION.
    if (list.text(at) === '(' && this.#startsQuery(at + 1)) {
      const close = list.closing(at, to);
      const inner = this.#query(at + 1, close, query.outer, query, list.end(at), list.start(close));
      core.nested.push(inner);
      core.outputs = [...(inner.cores[0]?.outputs ?? [])];
      core.sources = [];
      return core;
    }
    while (at < to) {
      const word = list.word(at);
      if (word === 'select') {
        const end = this.#endOfClause(at + 1, to);
        core.outputs = readSelectList(list, at + 1, end);
        this.#nested(at + 1, end, core);
        hasSelect = true;
        inFrom = false;
        at = end;
      } else if (this.#opensSource(at, from, kind)) {
        inFrom = word === 'from' || word === 'join' || word === 'using';
        at = this.#source(at + 1, to, core);
      } else if (inFrom && list.text(at) === ',') {
        at = this.#source(at + 1, to, core);
      } else if (list.isOpening(at)) {
        const close = list.closing(at, to);
        this.#nested(at, close + 1, core);
        at = close + 1;
      } else {
        if (CLAUSES.has(word) && !['on', 'using'].includes(word)) inFrom = false;
        at += 1;
      }
    }
    if (!hasSelect && kind === 'from') core.outputs = [{ kind: 'star', of: null, excluded: [] }];
    return core;
  }

  /** Whether a table follows the word at `at`. */
  #opensSource(at: number, from: number, kind: string): boolean {
    const word = this.#list.word(at);
    if (word === 'from' || word === 'join') return !this.#isOfDistinct(at);
    // A join's USING names columns.
    if (word === 'using') return (kind === 'merge' || kind === 'delete') && this.#list.text(at + 1) !== '(';
    if (word === 'update') return at === from;
    return BEFORE_TABLE.has(word) && (at === from || at === from + 1 || word === 'table');
  }

  #endOfClause(from: number, to: number): number {
    for (let at = from; at < to; at += 1) {
      if (this.#list.isOpening(at)) at = this.#list.closing(at, to);
      else if (CLAUSES.has(this.#list.word(at)) && !this.#isOfDistinct(at) && !this.#list.isPart(at))
        return at;
    }
    return to;
  }

  /** The ON of DISTINCT ON, and the FROM of IS DISTINCT FROM. */
  #isOfDistinct(at: number): boolean {
    const before = this.#list.word(at - 2);
    if (this.#list.word(at - 1) !== 'distinct') return false;
    return (
      this.#list.word(at) === 'on' ||
      (this.#list.word(at) === 'from' && (before === 'is' || before === 'not'))
    );
  }

  #startsQuery(at: number): boolean {
    let first = at;
    while (this.#list.text(first) === '(') first += 1;
    return QUERY_STARTS.has(this.#list.word(first));
  }

  /** Finds the queries inside an expression. */
  #nested(from: number, to: number, core: Draft<Core>): void {
    const list = this.#list;
    for (let at = from; at < to; at += 1) {
      if (list.text(at) !== '(' || !QUERY_STARTS.has(list.word(at + 1))) continue;
      const close = list.closing(at, to);
      core.nested.push(this.#query(at + 1, close, core, core.query, list.end(at), list.start(close)));
      at = close;
    }
  }

  /** Reads one table of a FROM clause. @returns the index after it */
  #source(from: number, to: number, core: Draft<Core>): number {
    const list = this.#list;
    let at = from;
    while (['lateral', 'only', 'into', 'if', 'exists', 'not'].includes(list.word(at))) at += 1;
    const isPrefix = list.isName(at) && list.text(at + 1) === ':' && list.text(at + 2) !== ':';
    const prefix = isPrefix ? list.name(at) : null;
    const start = list.start(at);
    if (isPrefix) at += 2;
    if (at >= to) return at;

    const source: Draft<Source> = {
      kind: 'table',
      path: [],
      alias: prefix,
      columnAliases: [],
      query: null,
      start,
      end: start,
    };
    if (list.text(at) === '(') {
      const close = list.closing(at, to);
      if (!this.#startsQuery(at + 1)) {
        this.#joined(at + 1, close, core);
        return close + 1;
      }
      source.kind = 'query';
      source.query = this.#query(at + 1, close, core, core.query, list.end(at), list.start(close));
      core.nested.push(source.query);
      at = close + 1;
    } else if (list.tokens[at]?.kind === 'string') {
      source.kind = 'file';
      at += 1;
    } else {
      // A word that cannot be a table's name is the next clause: the table is not written yet.
      if (!list.isName(at) || (list.tokens[at]?.kind === 'word' && CLAUSES.has(list.word(at)))) return at;
      const { path, next } = list.path(at);
      source.path = [...path];
      at = next;
      if (list.text(at) === '(' && list.word(from - 1) !== 'into') {
        source.kind = 'function';
        const close = list.closing(at, to);
        this.#nested(at + 1, close, core);
        at = close + 1;
      }
    }
    at = this.#afterSource(at, to, source);
    source.end = list.end(at - 1);
    core.sources.push(source);
    return at;
  }

  /** AT (…), the alias and its columns. */
  #afterSource(from: number, to: number, source: Draft<Source>): number {
    const list = this.#list;
    let at = from;
    if (list.word(at) === 'with' && list.word(at + 1) === 'ordinality') at += 2;
    if (list.word(at) === 'at' && list.text(at + 1) === '(') at = list.closing(at + 1, to) + 1;
    const explicit = list.word(at) === 'as';
    const name = explicit ? at + 1 : at;
    if (name >= to || !list.isName(name)) return Math.min(explicit ? name : at, to);
    if (list.tokens[name]?.kind === 'word' && AFTER_TABLE.has(list.word(name))) return at;
    source.alias = list.name(name);
    at = name + 1;
    if (list.text(at) === '(') {
      const close = list.closing(at, to);
      source.columnAliases = this.#names(at + 1, close);
      at = close + 1;
    }
    return Math.min(at, to);
  }

  /** Tables joined inside parentheses. */
  #joined(from: number, to: number, core: Draft<Core>): void {
    const list = this.#list;
    let at = this.#source(from, to, core);
    while (at < to) {
      if (list.word(at) === 'join' || list.text(at) === ',') at = this.#source(at + 1, to, core);
      else if (list.isOpening(at)) {
        const close = list.closing(at, to);
        this.#nested(at, close + 1, core);
        at = close + 1;
      } else at += 1;
    }
  }

  #names(from: number, to: number): Name[] {
    const names: Name[] = [];
    for (let at = from; at < to; at += 1) if (this.#list.isName(at)) names.push(this.#list.name(at));
    return names;
  }
}
