import { AFTER_TABLE } from '#shared/sql/scope/clause-words.ts';
import { TokenList } from '#shared/sql/scope/token-list.ts';

/** A join that only says which rows of its left side there are. */
export interface FilteringJoin {
  readonly kind: 'SEMI' | 'ANTI';
  /** What the query calls the right side, none of whose columns the join gives. */
  readonly right: string;
}

/** The SEMI and ANTI JOINs of a query whose right side has a name. */
export function filteringJoins(sql: string): FilteringJoin[] {
  const list = new TokenList(sql);
  const found: FilteringJoin[] = [];
  for (let at = 0; at < list.length; at += 1) {
    const kind = list.word(at).toUpperCase();
    if ((kind !== 'SEMI' && kind !== 'ANTI') || list.word(at + 1) !== 'join') continue;
    const right = nameOf(list, at + 2);
    if (right !== undefined) found.push({ kind, right });
  }
  return found;
}

/** The alias of a table or a subquery, else the last part of the table's name. */
function nameOf(list: TokenList, at: number): string | undefined {
  const { path, next } = list.path(at);
  let after = list.isOpening(next) ? list.behind(next) : next;
  if (list.word(after) === 'at' && list.isOpening(after + 1)) after = list.behind(after + 1);
  if (list.word(after) === 'as') return list.name(after + 1).text;
  const hasAlias = list.isName(after) && !AFTER_TABLE.has(list.word(after));
  return hasAlias ? list.name(after).text : path.at(-1)?.text;
}
