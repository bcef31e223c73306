import { significantTokens, type Token } from '#shared/sql/tokenize.ts';

/** What one name of a statement stands for. */
export interface ScopeEntry {
  /** The alias, or the last part of the table's name. */
  readonly name: string;
  /** Dotted name as it is written, e.g. bronze.flights. */
  readonly table: string;
}

export interface SqlScope {
  /** Tables that the statement reads or writes, in order. */
  readonly entries: readonly ScopeEntry[];
  /** Names of its common table expressions. */
  readonly ctes: readonly string[];
}

const BEFORE_TABLE = new Set(['from', 'join', 'into', 'update', 'describe', 'summarize', 'table']);
/** Words after a table's name that are no alias. */
const AFTER_TABLE = new Set(
  (
    'where group having order limit on using join inner left right full cross natural lateral union except intersect ' +
    'window qualify set values select returning sample tablesample asof positional anti semi offset fetch at pivot unpivot'
  ).split(' '),
);

/** Reads a statement's tables and aliases without parsing it: it is being written, so it seldom parses. */
export function scopeOf(sql: string): SqlScope {
  const tokens = significantTokens(sql);
  const text = (token: Token | undefined): string =>
    token === undefined ? '' : sql.slice(token.start, token.end);
  const lower = (token: Token | undefined): string =>
    token?.kind === 'word' ? text(token).toLowerCase() : text(token);
  const entries: ScopeEntry[] = [];
  const ctes: string[] = [];

  let inFrom = false;
  for (let at = 0; at < tokens.length; at += 1) {
    const word = lower(tokens[at]);
    if (isName(tokens[at]) && lower(tokens[at + 1]) === 'as' && text(tokens[at + 2]) === '(') {
      if (['with', 'recursive', ','].includes(lower(tokens[at - 1]))) ctes.push(unquote(text(tokens[at])));
    }
    const startsTable = BEFORE_TABLE.has(word) || (inFrom && word === ',');
    if (AFTER_TABLE.has(word) && word !== 'join')
      inFrom = ['inner', 'left', 'right', 'full', 'cross', 'natural'].includes(word);
    if (!startsTable) continue;
    inFrom = true;
    const read = readTable(tokens, at + 1);
    if (read === null) continue;
    entries.push(read.entry);
    at = read.next - 1;
  }
  return { entries, ctes };

  function readTable(all: readonly Token[], from: number): { entry: ScopeEntry; next: number } | null {
    const parts: string[] = [];
    let at = from;
    while (isName(all[at])) {
      parts.push(unquote(text(all[at])));
      at += 1;
      if (text(all[at]) !== '.') break;
      at += 1;
    }
    const last = parts.at(-1);
    if (last === undefined) return null;
    if (lower(all[at]) === 'at' && text(all[at + 1]) === '(') at = afterParenthesis(all, at + 1);
    if (lower(all[at]) === 'as') at += 1;
    const alias = all[at];
    const hasAlias = isName(alias) && !AFTER_TABLE.has(lower(alias));
    const name = hasAlias ? unquote(text(alias)) : last;
    return { entry: { name, table: parts.join('.') }, next: hasAlias ? at + 1 : at };
  }

  function afterParenthesis(all: readonly Token[], from: number): number {
    let depth = 0;
    for (let at = from; at < all.length; at += 1) {
      if (text(all[at]) === '(') depth += 1;
      if (text(all[at]) === ')') depth -= 1;
      if (depth === 0) return at + 1;
    }
    return all.length;
  }
}

function isName(token: Token | undefined): boolean {
  return token?.kind === 'word' || token?.kind === 'quoted-identifier';
}

function unquote(name: string): string {
  return name.startsWith('"')
    ? name.slice(1, name.endsWith('"') ? -1 : undefined).replaceAll('""', '"')
    : name;
}
