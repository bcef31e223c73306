import type { CheckRequest, CheckResult } from '#shared/contract/check.ts';
import { isAppError } from '#shared/errors/app-error.ts';
import { planQuery } from './plan-query.ts';
import type { QueryContext } from './plan-select.ts';

/** What planning a query would be refused for. @throws what is no fault of the query's */
export async function checkQuery(
  ctx: QueryContext,
  { sql, ref, locals }: CheckRequest,
  signal?: AbortSignal,
): Promise<CheckResult> {
  try {
    const request = {
      sql,
      ...(ref === undefined ? {} : { ref }),
      ...(locals === undefined ? {} : { locals }),
    };
    await planQuery(ctx, request, signal);
    return { problem: null };
  } catch (error) {
    if (!isAppError(error) || error.status >= 500) throw error;
    const { code, message, context } = error;
    return { problem: { code, message, context } };
  }
}
