import type { CheckRequest, CheckResult } from '#shared/contract/check.ts';
import { isAppError } from '#shared/errors/app-error.ts';
import { explainStatement } from '#shared/sql/explain-statement.ts';
import { explainQuery } from './explain-query.ts';
import { planQuery } from './plan-query.ts';
import { isNotAsked } from './pivot-values.ts';
import type { QueryContext } from './plan-select.ts';

/** What planning a query would be refused for; else the columns of its answer, for which no data is read. @throws what is no fault of the query's */
export async function checkQuery(
  ctx: QueryContext,
  { sql, ref, locals }: CheckRequest,
  signal?: AbortSignal,
): Promise<CheckResult> {
  try {
    const request = {
      sql,
      // They change neither the columns nor what is wrong.
      materializedViews: false,
      ...(ref === undefined ? {} : { ref }),
      ...(locals === undefined ? {} : { locals }),
    };
    const checking = { ...ctx, runsNothing: true };
    const explain = explainStatement(sql);
    // Who is asked while a person types runs nothing, whatever the statement would.
    const { columns } = explain?.analyze
      ? (
          await explainQuery(
            checking,
            { request, explain: { ...explain, analyze: false }, forTab: true },
            signal,
          )
        ).plan
      : await planQuery(checking, request, signal);
    return { problem: null, columns };
  } catch (error) {
    if (isNotAsked(error)) return { problem: null };
    if (!isAppError(error) || error.status >= 500) throw error;
    const { code, message, context } = error;
    return { problem: { code, message, context } };
  }
}
