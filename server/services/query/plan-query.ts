import type { Plan, PlanRequest } from '#shared/contract/plan.ts';
import { explainStatement } from '#shared/sql/explain-statement.ts';
import type { PlannedQuery } from '#server/engine/plan/plan-query.ts';
import { explainQuery } from './explain-query.ts';
import { preferenceHere } from './run-on-cluster.ts';
import { shownContents, showContents } from './show-contents.ts';
import { shownRefs, showRefs } from './show-refs.ts';
import { shownViews, showViews } from './show-views.ts';
import { planSelect, type QueryContext } from './plan-select.ts';
import { leadingWords } from './values-sql.ts';

/** @throws REF_NOT_FOUND, TABLE_NOT_FOUND, SQL_SYNTAX, SQL_BINDING, COLUMN_NOT_FOUND…, with places in the SQL */
export async function planQuery(
  ctx: QueryContext,
  request: PlanRequest,
  signal?: AbortSignal,
): Promise<Plan> {
  return (await planWithSources(ctx, request, signal)).plan;
}

/** @param forTab whether a page asks, which runs the query in its tab where the plan says so */
export async function planWithSources(
  ctx: QueryContext,
  request: PlanRequest,
  signal?: AbortSignal,
  forTab = true,
): Promise<PlannedQuery> {
  const here = forTab ? request : { ...request, engine: preferenceHere(ctx.cluster, request.engine) };
  const words = leadingWords(request.sql);
  const shown = shownRefs(words);
  if (shown !== null) return showRefs(ctx, here, shown, signal);
  const under = shownViews(request.sql, words);
  if (under !== null) return showViews(ctx, here, under, signal);
  const contents = shownContents(request.sql, words);
  if (contents !== null) return showContents(ctx, here, contents, signal);
  const explain = explainStatement(request.sql);
  return explain === null
    ? planSelect(ctx, here, signal)
    : explainQuery(ctx, { request, explain, forTab }, signal);
}
