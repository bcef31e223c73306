import { isAppError } from '#shared/errors/app-error.ts';
import { quoteQualifiedName } from '#shared/sql/quoting.ts';
import { significantTokens, type Token } from '#shared/sql/tokenize.ts';
import { applySplices, type Splice, type SplicedSql } from '../analyze/splices.ts';

/** Between the levels of a namespace that is one part of a name in SQL: nobody's name has it. */
const LEVEL = '\u001f';

/** The name by three parts at most, as DuckDB's parser takes it. */
export function shortName(name: readonly string[]): readonly string[] {
  return name.length <= MOST_PARTS ? name : [name.slice(0, -1).join(LEVEL), ...name.slice(-1)];
}

/** What shortName was made of. */
export function longName(name: readonly string[]): readonly string[] {
  return name.flatMap((part) => part.split(LEVEL));
}

/** DuckDB's parser names a table by three parts at most. */
const MOST_PARTS = 3;
const BEFORE_TABLE = new Set(['FROM', 'JOIN', 'TABLE', 'DESCRIBE', 'DESC', 'SUMMARIZE', 'USING', 'INTO']);
/** What ends a list of tables with commas between. */
const ENDS_FROM = new Set([
  'WHERE',
  'SELECT',
  'GROUP',
  'ORDER',
  'HAVING',
  'LIMIT',
  'QUALIFY',
  'WINDOW',
  'UNION',
  'EXCEPT',
  'INTERSECT',
  'SET',
  'VALUES',
]);
/** Functions with FROM between their arguments. */
const TAKES_FROM = new Set(['EXTRACT', 'SUBSTRING', 'TRIM', 'OVERLAY']);

/** Whether a text was refused because a table's name has more parts than DuckDB's parser reads. */
export function isLongName(error: unknown): boolean {
  return isAppError(error, 'TABLE_NOT_FOUND') && error.context['longName'] === true;
}

interface Chain {
  readonly start: number;
  readonly end: number;
  readonly parts: readonly string[];
}

/**
 * The text with each longer name of a table as a short one, `a.b.c.t` as `"a␟b␟c"."t"`, in its columns' names too.
 * Null where there is none.
 */
export function quoteLongNames(sql: string): SplicedSql | null {
  const tokens = significantTokens(sql);
  const tables: Chain[] = [];
  const others: Chain[] = [];
  const levels = [{ inFrom: false, opener: '' }];
  const text = (at: number) => sql.slice(tokens[at]?.start, tokens[at]?.end);
  const word = (at: number) => (tokens[at]?.kind === 'word' ? text(at).toUpperCase() : '');
  for (let at = 0; at < tokens.length; at += 1) {
    const level = levels.at(-1) ?? { inFrom: false, opener: '' };
    const before = word(at - 1);
    const chain = chainAt(sql, tokens, at);
    if (chain.parts.length > 1) {
      const isFrom = before === 'FROM' && word(at - 2) !== 'DISTINCT' && !TAKES_FROM.has(level.opener);
      const isNext = level.inFrom && ['(', ','].includes(text(at - 1));
      const isTable = isFrom || isNext || (before !== 'FROM' && BEFORE_TABLE.has(before));
      (isTable && chain.parts.length > MOST_PARTS ? tables : others).push(chain);
      at += 2 * (chain.parts.length - 1);
      continue;
    }
    if (text(at) === '(') {
      const opener = word(at - 1);
      const groups = ['FROM', 'JOIN'].includes(opener) || ['(', ','].includes(text(at - 1));
      levels.push({ inFrom: level.inFrom && groups, opener });
    } else if (text(at) === ')' && levels.length > 1) levels.pop();
    else if (word(at) === 'FROM' && !TAKES_FROM.has(level.opener)) level.inFrom = true;
    else if (ENDS_FROM.has(word(at))) level.inFrom = false;
  }
  if (tables.length === 0) return null;
  const columns = others.flatMap((chain) => {
    const table = tables.find(({ parts }) => parts.every((part, i) => same(part, chain.parts[i])));
    return table === undefined ? [] : [spliceOf(chain, table.parts.length)];
  });
  return applySplices(sql, [...tables.map((chain) => spliceOf(chain, chain.parts.length)), ...columns]);
}

/** The dotted name that begins at a token; no parts where none does. */
function chainAt(sql: string, tokens: readonly Token[], first: number): Chain {
  const parts: string[] = [];
  let end = 0;
  for (let at = first; ; at += 2) {
    const token = tokens[at];
    if (token === undefined || (token.kind !== 'word' && token.kind !== 'quoted-identifier')) break;
    const text = sql.slice(token.start, token.end);
    parts.push(token.kind === 'word' ? text : text.slice(1, -1).replaceAll('""', '"'));
    ({ end } = token);
    const dot = tokens[at + 1];
    if (dot === undefined || sql.slice(dot.start, dot.end) !== '.') break;
  }
  return { start: tokens[first]?.start ?? 0, end, parts };
}

/** The first parts of a name as those of a table. */
function spliceOf({ start, end, parts }: Chain, ofTable: number): Splice {
  const text = quoteQualifiedName([...shortName(parts.slice(0, ofTable)), ...parts.slice(ofTable)]);
  return { start, end, text };
}

function same(a: string, b: string | undefined): boolean {
  return a.toLowerCase() === b?.toLowerCase();
}
