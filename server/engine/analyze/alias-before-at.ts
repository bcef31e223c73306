import { AFTER_TABLE } from '#shared/sql/scope/clause-words.ts';
import { TokenList } from '#shared/sql/scope/token-list.ts';
import { applySplices, type Splice, type SplicedSql } from './splices.ts';

/**
 * The SQL with each alias that stands behind an AT clause before it: `t AT (VERSION => 'main') AS a` as
 * `t AS a AT (VERSION => 'main')`. DuckDB reads it there only; Spark, Trino and Databricks write it behind. Null where
 * there is none.
 */
export function aliasesBeforeAt(sql: string): SplicedSql | null {
  const list = new TokenList(sql);
  const splices: Splice[] = [];
  for (let at = 1; at < list.length; at += 1) {
    if (!isAtClause(list, at)) continue;
    const close = list.closing(at + 1, list.length);
    const end = endOfAlias(list, close + 1);
    if (end === null) continue;
    const alias = sql.slice(list.start(close + 1), end);
    splices.push(
      { start: list.start(at), end: list.start(at), text: `${alias} ` },
      { start: list.end(close), end, text: '' },
    );
  }
  return splices.length === 0 ? null : applySplices(sql, splices);
}

/** Whether `AT (VERSION => …` or `AT (TIMESTAMP => …` begins at a token. */
function isAtClause(list: TokenList, at: number): boolean {
  return (
    list.word(at) === 'at' &&
    list.text(at + 1) === '(' &&
    ['version', 'timestamp'].includes(list.word(at + 2)) &&
    list.text(at + 3) === '=' &&
    list.text(at + 4) === '>'
  );
}

/** Where the alias ends that begins at a token; null where none does. */
function endOfAlias(list: TokenList, first: number): number | null {
  const named = list.word(first) === 'as' ? first + 1 : first;
  const quoted = list.tokens[named]?.kind === 'quoted-identifier';
  const word = list.word(named);
  // Behind AS any word is a name.
  if (!quoted && (word === '' || (named === first && AFTER_TABLE.has(word)))) return null;
  if (list.text(named + 1) !== '(') return list.end(named);
  const close = list.closing(named + 1, list.length);
  return close >= list.length ? null : list.end(close);
}
