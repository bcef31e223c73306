import type { PlanRequest } from '#shared/contract/plan.ts';
import { quoteLiteral } from '#shared/sql/quoting.ts';
import type { PlannedQuery } from '#server/engine/plan/plan-query.ts';
import { resolveRef } from '../refs/index.ts';
import { listTableNames, loadTableAt, VIEW_SQL } from '../tables/index.ts';
import { refreshStateOf, staleness } from './materialized-view.ts';
import type { QueryContext } from './plan-select.ts';
import { planShown, timeLiteral, valuesSql, type Columns } from './values-sql.ts';

const COLUMNS: Columns = [
  ['namespace', 'VARCHAR'],
  ['name', 'VARCHAR'],
  ['fresh', 'BOOLEAN'],
  ['refreshed', 'TIMESTAMP'],
  ['query', 'VARCHAR'],
];

/** By a statement's leadingWords. */
export function isShowViews(words: readonly string[]): boolean {
  return words.join(' ') === 'SHOW MATERIALIZED VIEWS';
}

/** SHOW MATERIALIZED VIEWS: a row for each at the ref, and whether it is read as it is stored. */
export async function showViews(
  ctx: QueryContext,
  request: PlanRequest,
  signal?: AbortSignal,
): Promise<PlannedQuery> {
  const ref = await resolveRef(ctx, request.ref);
  const rows: string[][] = [];
  for (const { namespace, name } of await listTableNames(ctx, ref.hash)) {
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
