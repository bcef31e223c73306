import { AppError } from '#shared/errors/app-error.ts';
import type { PlanQueryInput } from '#server/engine/plan/plan-query.ts';
import { jsonRows } from './execution.ts';
import type { QueryContext } from './plan-select.ts';

/** More distinct values than a PIVOT can have; what is beyond need not be counted. */
const MOST_VALUES = 1_000_000;
const NOT_ASKED = 'pivotNotAsked';

/**
 * What a query is planned by, with what PIVOT asks the data for: on the server's engine, at the snapshots that the query
 * itself reads.
 *
 * @param ask false: its queries are planned, so that what is wrong with them is known, and not run; isNotAsked then tells
 */
export function withPivotValues(ctx: QueryContext, input: PlanQueryInput, ask = true): PlanQueryInput {
  const whole: PlanQueryInput = {
    ...input,
    pivotValues: async (sql, place) => {
      const planned = await ctx.planner.plan({ ...whole, ...place, sql, preference: 'server' });
      const { locals, columns } = planned.plan;
      if (locals !== undefined)
        throw new AppError(
          'UNSUPPORTED',
          `PIVOT can't take its columns from the file ${locals[0]?.name ?? ''}, which is in the page alone. Name the values: PIVOT … ON a IN ('x', 'y').`,
        );
      if (!ask)
        throw new AppError('UNSUPPORTED', 'The data says which columns there are.', {
          context: { [NOT_ASKED]: true },
        });
      const asked = { planned, request: {}, limit: MOST_VALUES };
      const { rows, truncated } = await jsonRows(ctx, asked, input.signal);
      const values = rows.map(([value]) => (typeof value === 'string' ? value : null));
      return { values, truncated, columns: columns.length, repeatable: planned.repeatable };
    },
  };
  return whole;
}

/** Whether a query could not be planned to its end for this alone. */
export function isNotAsked(error: unknown): boolean {
  return error instanceof AppError && error.context[NOT_ASKED] === true;
}
