import type { PlanRequest } from '#shared/contract/plan.ts';
import { quoteLiteral } from '#shared/sql/quoting.ts';
import { TokenCursor } from '#server/engine/dml/token-cursor.ts';
import type { PlannedQuery } from '#server/engine/plan/plan-query.ts';
import { resolveRef } from '../refs/index.ts';
import { listTableNames, loadTableAt, VIEW_SQL } from '../tables/index.ts';
import { refreshStateOf, staleness } from './materialized-view.ts';
import type { QueryContext } from './plan-select.ts';
import { isUnder, namespaceShown } from './shown-namespace.ts';
import { planShown, timeLiteral, valuesSql, type Columns } from './values-sql.ts';

const COLUMNS: Columns = [
  ['namespace', 'VARCHAR'],
  ['name', 'VARCHAR'],
  ['fresh', 'BOOLEAN'],
  ['refreshed', 'TIMESTAMP'],
  ['query', 'VARCHAR'],
];

/**
 * The namespace that `SHOW MATERIALIZED VIEWS [FROM | IN a]` asks for, none for all; null for any other statement.
 *
 * @param words its leadingWords
 * @throws SQL_SYNTAX
 */
export function shownViews(sql: string, words: readonly string[]): readonly string[] | null {
  const [first, second, third, fourth] = words;
  if (first !== 'SHOW' || second !== 'MATERIALIZED' || third !== 'VIEWS') return null;
  if (fourth !== undefined && fourth !== 'FROM' && fourth !== 'IN') return null;
  const cursor = new TokenCursor(sql);
  for (let word = 0; word < 3; word += 1) cursor.skip();
  return namespaceShown(cursor);
}

/** SHOW MATERIALIZED VIEWS: a row for each at the ref and in the namespace, and whether it is read as it is stored. */
export async function showViews(
  ctx: QueryContext,
  request: PlanRequest,
  under: readonly string[],
  signal?: AbortSignal,
): Promise<PlannedQuery> {
  const ref = await resolveRef(ctx, request.ref);
  const rows: string[][] = [];
  for (const { namespace, name } of await listTableNames(ctx, ref.hash)) {
    if (!isUnder(namespace, under)) continue;
    const { metadata } = await loadTableAt(ctx, ref.hash, [...namespace, name]);
    const sql = metadata.properties[VIEW_SQL];
    if (sql === undefined) continue;
    const fresh = (await staleness(ctx, ref, metadata)) === null;
    const refreshed = refreshStateOf(metadata)?.startedAt;
    rows.push([
      quoteLiteral(namespace.join('.')),
      quoteLiteral(name),
      String(fresh),
      refreshed === undefined ? 'NULL' : timeLiteral(new Date(refreshed)),
      quoteLiteral(sql),
    ]);
  }
  return planShown(ctx, request, valuesSql(COLUMNS, rows), signal);
}
