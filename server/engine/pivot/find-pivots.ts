import { TokenList } from '#shared/sql/scope/token-list.ts';

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

const STATEMENT = new Set(['pivot', 'pivot_wider']);
const BEFORE = new Set([
  'explain',
  'analyze',
  'describe',
  'desc',
  'summarize',
  'union',
  'except',
  'intersect',
  'name',
]);
const SETS = new Set(['union', 'except', 'intersect']);
/** Ends what is pivoted, and how. */
const ENDS = new Set([...SETS, 'order', 'limit', 'offset', 'fetch']);
const ENDS_ON = new Set(['using', 'group']);
const QUERY = new Set([
  'select',
  'from',
  'with',
  'values',
  'pivot',
  'pivot_wider',
  'unpivot',
  'table',
  'describe',
]);

/**
 * Every PIVOT whose columns the data says. DuckDB's parser makes two statements of such a one, which has no tree; so it is
 * found by its words, in text that need not parse.
 */
export function openPivots(sql: string): readonly OpenPivot[] {
  if (!/pivot/i.test(sql)) return [];
  const list = new TokenList(sql);
  return list.tokens.flatMap((_, at) => {
    const pivot = STATEMENT.has(list.word(at)) && isStatement(list, at) ? pivotAt(list, at) : null;
    return pivot === null ? [] : [pivot];
  });
}

/** PIVOT behind a table is another thing: it says its values. */
function isStatement(list: TokenList, at: number): boolean {
  if (at === 0 || [';', '('].includes(list.text(at - 1)) || BEFORE.has(list.word(at - 1))) return true;
  if (['all', 'distinct'].includes(list.word(at - 1))) return SETS.has(list.word(at - 2));
  if (list.text(at - 1) !== ')') return false;
  const opener = (list.partner(at - 1) ?? 0) - 1;
  return ['as', 'materialized'].includes(list.word(opener));
}

function pivotAt(list: TokenList, at: number): OpenPivot | null {
  let on: number | null = null;
  let end = at + 1;
  for (; end < list.tokens.length; end = list.behind(end)) {
    if (list.isClosing(end) || list.text(end) === ';' || ENDS.has(list.word(end))) break;
    // The joins of its source have an ON each before.
    if (list.word(end) === 'on') on = end;
  }
  if (on === null || on === at + 1) return null;
  const elements: OpenElement[] = [];
  let first = on + 1;
  for (let each = first; first < end; each = list.behind(each)) {
    const ends = each >= end || ENDS_ON.has(list.word(each));
    if (!ends && list.text(each) !== ',') continue;
    const element = openElement(list, first, each);
    if (element !== null) elements.push(element);
    if (ends) break;
    first = each + 1;
  }
  if (elements.length === 0) return null;
  return {
    ...spanOf(list, at, end),
    source: spanOf(list, at + 1, on),
    elements,
    withs: withsAround(list, at),
  };
}

/** Null where its values are written down, and where there is nothing. */
function openElement(list: TokenList, from: number, until: number): OpenElement | null {
  if (from >= until) return null;
  let at = from;
  while (at < until && list.word(at) !== 'in') at = list.behind(at);
  if (at >= until) return { expression: spanOf(list, from, until), query: null };
  if (list.text(at + 1) !== '(' || !QUERY.has(list.word(at + 2))) return null;
  return { expression: spanOf(list, from, at), query: spanOf(list, at + 2, list.behind(at + 1) - 1) };
}

function withsAround(list: TokenList, at: number): TextSpan[] {
  const queries = [0, ...around(list, at).map((open) => open + 1)];
  return queries.flatMap((first) => {
    let start = first;
    while (BEFORE.has(list.word(start))) start++;
    const end = list.word(start) === 'with' ? endOfWith(list, start, at) : start;
    return end === start ? [] : [spanOf(list, start, end)];
  });
}

/** Behind the last of the tables after WITH that are there at a token; where WITH is, if none is. */
function endOfWith(list: TokenList, start: number, at: number): number {
  let name = start + (list.word(start + 1) === 'recursive' ? 2 : 1);
  let end = start;
  for (;;) {
    let body = name + 1;
    while (body < at && !['as'].includes(list.word(body))) body = list.behind(body);
    body++;
    while (['not', 'materialized'].includes(list.word(body))) body++;
    const next = list.behind(body);
    if (list.text(body) !== '(' || at < next) return end;
    end = next;
    if (list.text(next) !== ',') return end;
    name = next + 1;
  }
}

/** Parentheses that are open at a token, the outer ones first. */
function around(list: TokenList, at: number): number[] {
  return list.tokens.flatMap((_, open) =>
    open < at && list.isOpening(open) && (list.partner(open) ?? at) > at ? [open] : [],
  );
}

/** From one token up to another. */
function spanOf(list: TokenList, from: number, until: number): TextSpan {
  return { start: list.start(from), end: list.end(until - 1) };
}
