import { sqlError, type SqlParser } from '../analyze/parse.ts';
import { openPivots } from '../pivot/find-pivots.ts';
import { spellOutPivots } from '../pivot/spell-out.ts';
import { planStandIn } from './expand-views.ts';
import { anchorsThrough } from './pin-times.ts';
import type { PlannedQuery, PlanQueryInput } from './plan-query.ts';

/**
 * Plans the query with the values of each PIVOT written down that takes them from the data; null where there is no such
 * PIVOT.
 *
 * @throws SQL_SYNTAX before anything is asked of the data; UNSUPPORTED where it can't be; as spellOutPivots, and as the plan
 */
export async function planPivots(
  plan: (input: PlanQueryInput) => Promise<PlannedQuery>,
  parser: SqlParser,
  input: PlanQueryInput,
): Promise<PlannedQuery | null> {
  const { sql, pivotValues, within } = input;
  const pivots = openPivots(sql);
  const [first] = pivots;
  if (first === undefined) return null;
  await parser.parse(sql);
  if (pivotValues === undefined)
    throw sqlError(
      'UNSUPPORTED',
      "PIVOT can't take its columns from the data here, where they have to be known and to stay. Name the values: PIVOT … ON a IN ('x', 'y').",
      sql,
      first.start,
    );
  const spelled = await spellOutPivots(sql, pivots, async (asked, start) =>
    pivotValues(asked, within === undefined ? {} : { within: () => within(start) }),
  );
  let anchors: PlannedQuery['plan']['anchors'];
  const planned = await planStandIn(
    async (inner) => {
      const found = await plan(inner);
      anchors = found.plan.anchors;
      return found;
    },
    input,
    spelled,
  );
  const through = anchors === undefined ? [] : anchorsThrough(anchors, spelled).map(([...anchor]) => anchor);
  return {
    ...planned,
    plan: {
      ...planned.plan,
      ...(anchors === undefined ? {} : { anchors: through }),
      ...(spelled.repeatable ? {} : { varies: true }),
    },
    repeatable: planned.repeatable && spelled.repeatable,
  };
}
