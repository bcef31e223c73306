import { createHash } from 'node:crypto';
import type { PlanRequest } from '#shared/contract/plan.ts';
import { significantTokens } from '#shared/sql/tokenize.ts';
import { quoteLiteral } from '#shared/sql/quoting.ts';
import type { PlannedQuery } from '#server/engine/plan/plan-query.ts';
import { resolveRef } from '../refs/index.ts';
import { listTableNames, loadTableAt } from '../tables/index.ts';
import { refreshStateOf, staleness, VIEW_SQL } from './materialized-view.ts';
import { planSelect, type QueryContext } from './plan-select.ts';

const COLUMNS = 'namespace VARCHAR, name VARCHAR, fresh BOOLEAN, refreshed TIMESTAMP, query VARCHAR';

export function isShowViews(sql: string): boolean {
  const words = significantTokens(sql).map(({ start, end }) => sql.slice(start, end).toUpperCase());
  return words.filter((word) => word !== ';').join(' ') === 'SHOW MATERIALIZED VIEWS';
}

/** SHOW MATERIALIZED VIEWS: a row for each at the ref, and whether it is read as it is stored. */
export async function showViews(
  ctx: QueryContext,
  request: PlanRequest,
  signal?: AbortSignal,
): Promise<PlannedQuery> {
  const ref = await resolveRef(ctx, request.ref);
  const rows: string[] = [];
  for (const { namespace, name } of await listTableNames(ctx, ref.hash)) {
    const { metadata } = await loadTableAt(ctx, ref.hash, [...namespace, name]);
    const sql = metadata.properties[VIEW_SQL];
    if (sql === undefined) continue;
    const fresh = (await staleness(ctx, ref, metadata)) === null;
    const refreshed = refreshStateOf(metadata)?.startedAt;
    const at =
      refreshed === undefined ? 'NULL' : quoteLiteral(new Date(refreshed).toISOString().slice(0, -1));
    rows.push(
      `(${[quoteLiteral(namespace.join('.')), quoteLiteral(name), String(fresh), at, quoteLiteral(sql)].join(', ')})`,
    );
  }
  const columns = COLUMNS.split(', ').map((column) => column.split(' ') as [string, string]);
  const items = columns.map(([name, type]) => `CAST("${name}" AS ${type}) AS "${name}"`).join(', ');
  const names = columns.map(([name]) => `"${name}"`).join(', ');
  const none = columns.map(() => 'NULL').join(', ');
  const sql = `SELECT ${items} FROM (VALUES ${rows.length === 0 ? `(${none})` : rows.join(', ')}) AS v(${names}) WHERE "name" IS NOT NULL ORDER BY ALL`;
  const planned = await planSelect(ctx, { ...request, sql }, signal);
  const { anchors: _, ...plan } = planned.plan;
  return { ...planned, plan: { ...plan, id: createHash('sha256').update(sql).digest('hex') } };
}
