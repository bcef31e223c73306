import { significantTokens, type Token } from '#shared/sql/tokenize.ts';

/** UTF-16 offsets into the SQL, end exclusive. */
export interface TextSpan {
  readonly start: number;
  readonly end: number;
}

/** What a PIVOT is spread over, whose values are not written down: an expression, or `expression IN (query)`. */
export interface OpenElement {
  /** The expression alone. */
  readonly expression: TextSpan;
  /** The query that gives the values; without it they are those that the expression has. */
  readonly query: TextSpan | null;
}

/** `PIVOT source ON a, b USING …` as a statement or a query, where the data says which columns come of it. */
export interface OpenPivot extends TextSpan {
  readonly source: TextSpan;
  readonly elements: readonly OpenElement[];
  /** Of the queries that it is in, the outer ones first: `WITH …` with the tables that it sees. */
  readonly withs: readonly TextSpan[];
}

const STATEMENT = new Set(['PIVOT', 'PIVOT_WIDER']);
const BEFORE = new Set([
  'EXPLAIN',
  'ANALYZE',
  'DESCRIBE',
  'DESC',
  'SUMMARIZE',
  'UNION',
  'EXCEPT',
  'INTERSECT',
  'NAME',
]);
const SETS = new Set(['UNION', 'EXCEPT', 'INTERSECT']);
/** Ends what is pivoted, and how. */
const ENDS = new Set([...SETS, 'ORDER', 'LIMIT', 'OFFSET', 'FETCH']);
const ENDS_ON = new Set(['USING', 'GROUP']);
const QUERY = new Set([
  'SELECT',
  'FROM',
  'WITH',
  'VALUES',
  'PIVOT',
  'PIVOT_WIDER',
  'UNPIVOT',
  'TABLE',
  'DESCRIBE',
]);
const OPENS = new Set(['(', '[', '{']);
const CLOSES = new Set([')', ']', '}']);

/**
 * Every PIVOT whose columns the data says. DuckDB's parser makes two statements of such a one, which has no tree; so it is
 * found by its words, in text that need not parse.
 */
export function openPivots(sql: string): readonly OpenPivot[] {
  if (!/pivot/i.test(sql)) return [];
  const text = new Words(sql);
  return text.tokens.flatMap((_, at) => {
    const pivot = STATEMENT.has(text.word(at)) && isStatement(text, at) ? pivotAt(text, at) : null;
    return pivot === null ? [] : [pivot];
  });
}

class Words {
  readonly tokens: readonly Token[];
  readonly #sql: string;
  /** By the place of an opening parenthesis or bracket that of what closes it, and the other way round. */
  readonly #pairs = new Map<number, number>();

  constructor(sql: string) {
    this.#sql = sql;
    this.tokens = significantTokens(sql);
    const open: number[] = [];
    for (const at of this.tokens.keys()) {
      if (OPENS.has(this.symbol(at))) open.push(at);
      else if (CLOSES.has(this.symbol(at))) {
        const first = open.pop();
        if (first === undefined) continue;
        this.#pairs.set(first, at);
        this.#pairs.set(at, first);
      }
    }
  }

  /** In upper case; empty where it is none. */
  word(at: number): string {
    const token = this.tokens[at];
    return token?.kind === 'word' ? this.#sql.slice(token.start, token.end).toUpperCase() : '';
  }

  symbol(at: number): string {
    const token = this.tokens[at];
    return token?.kind === 'symbol' ? this.#sql.slice(token.start, token.end) : '';
  }

  pair(at: number): number | undefined {
    return this.#pairs.get(at);
  }

  /** Behind what is in parentheses here, else behind the token. */
  behind(at: number): number {
    return OPENS.has(this.symbol(at)) ? (this.pair(at) ?? this.tokens.length) + 1 : at + 1;
  }

  /** Parentheses that are open at a token, the outer ones first. */
  around(at: number): number[] {
    return [...this.#pairs]
      .flatMap(([from, to]) => (from < at && at < to ? [from] : []))
      .sort((a, b) => a - b);
  }

  /** From one token up to another. */
  span(from: number, until: number): TextSpan {
    return { start: this.tokens[from]?.start ?? 0, end: this.tokens[until - 1]?.end ?? 0 };
  }
}

/** PIVOT behind a table is another thing: it says its values. */
function isStatement(text: Words, at: number): boolean {
  if (at === 0 || [';', '('].includes(text.symbol(at - 1)) || BEFORE.has(text.word(at - 1))) return true;
  if (['ALL', 'DISTINCT'].includes(text.word(at - 1))) return SETS.has(text.word(at - 2));
  if (text.symbol(at - 1) !== ')') return false;
  const opener = (text.pair(at - 1) ?? 0) - 1;
  return ['AS', 'MATERIALIZED'].includes(text.word(opener));
}

function pivotAt(text: Words, at: number): OpenPivot | null {
  let on: number | null = null;
  let end = at + 1;
  for (; end < text.tokens.length; end = text.behind(end)) {
    if (CLOSES.has(text.symbol(end)) || text.symbol(end) === ';' || ENDS.has(text.word(end))) break;
    // The joins of its source have an ON each before.
    if (text.word(end) === 'ON') on = end;
  }
  if (on === null || on === at + 1) return null;
  const elements: OpenElement[] = [];
  let first = on + 1;
  for (let each = first; first < end; each = text.behind(each)) {
    const ends = each >= end || ENDS_ON.has(text.word(each));
    if (!ends && text.symbol(each) !== ',') continue;
    const element = openElement(text, first, each);
    if (element !== null) elements.push(element);
    if (ends) break;
    first = each + 1;
  }
  if (elements.length === 0) return null;
  return { ...text.span(at, end), source: text.span(at + 1, on), elements, withs: withsAround(text, at) };
}

/** Null where its values are written down, and where there is nothing. */
function openElement(text: Words, from: number, until: number): OpenElement | null {
  if (from >= until) return null;
  let at = from;
  while (at < until && text.word(at) !== 'IN') at = text.behind(at);
  if (at >= until) return { expression: text.span(from, until), query: null };
  if (text.symbol(at + 1) !== '(' || !QUERY.has(text.word(at + 2))) return null;
  return { expression: text.span(from, at), query: text.span(at + 2, text.behind(at + 1) - 1) };
}

function withsAround(text: Words, at: number): TextSpan[] {
  const queries = [0, ...text.around(at).map((open) => open + 1)];
  return queries.flatMap((first) => {
    let start = first;
    while (BEFORE.has(text.word(start))) start++;
    const end = text.word(start) === 'WITH' ? endOfWith(text, start, at) : start;
    return end === start ? [] : [text.span(start, end)];
  });
}

/** Behind the last of the tables after WITH that are there at a token; where WITH is, if none is. */
function endOfWith(text: Words, start: number, at: number): number {
  let name = start + (text.word(start + 1) === 'RECURSIVE' ? 2 : 1);
  let end = start;
  for (;;) {
    let body = name + 1;
    while (body < at && !['AS'].includes(text.word(body))) body = text.behind(body);
    body++;
    while (['NOT', 'MATERIALIZED'].includes(text.word(body))) body++;
    const next = text.behind(body);
    if (text.symbol(body) !== '(' || at < next) return end;
    end = next;
    if (text.symbol(next) !== ',') return end;
    name = next + 1;
  }
}
