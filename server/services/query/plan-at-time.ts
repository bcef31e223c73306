import { isAppError } from '#shared/errors/app-error.ts';
import { anchorsThrough, pinTimes } from '#server/engine/plan/pin-times.ts';
import type { PlannedQuery } from '#server/engine/plan/plan-query.ts';

/**
 * The plan of a query that asks for the time, made again for the time that it is now: files that cannot have rows of the
 * last week are then left out. The plan that was given, where that gains nothing or cannot be done.
 *
 * @param plan plans other SQL as that of `planned` was
 */
export async function planAtTime(
  sql: string,
  planned: PlannedQuery,
  plan: (sql: string) => Promise<PlannedQuery>,
  now = new Date(),
): Promise<PlannedQuery> {
  const readsFiles = planned.plan.scans.some(({ files }) => files.length > 0);
  if (planned.simple?.analyzed.stability !== 'time' || !readsFiles || planned.plan.locals !== undefined)
    return planned;
  const pinned = pinTimes(sql, now, columnsOf(planned));
  if (pinned === null) return planned;
  try {
    const again = await plan(pinned.sql);
    if (again.simple?.analyzed.stability !== 'stable' || !isAlike(planned.plan, again.plan)) return planned;
    const { anchors, ...rest } = again.plan;
    return {
      ...again,
      plan: {
        ...rest,
        // An expression is the name of its column.
        columns: planned.plan.columns,
        // Asked again, the same words have another answer.
        varies: true,
        ...(anchors === undefined
          ? {}
          : { anchors: anchorsThrough(anchors, pinned).map(([...anchor]) => anchor) }),
      },
      source: { sql, toOriginal: (offset) => pinned.toOriginal(again.source.toOriginal(offset)) },
      simple: planned.simple,
      reads: planned.reads,
      repeatable: false,
    };
  } catch (error) {
    // A word was no function after all.
    if (isAppError(error) && error.status < 500) return planned;
    throw error;
  }
}

function columnsOf({ sources }: PlannedQuery): ReadonlySet<string> {
  return new Set(
    sources.flatMap(({ table }) =>
      (table?.metadata.schemas ?? []).flatMap(({ fields }) => fields.map(({ name }) => name.toLowerCase())),
    ),
  );
}

/** Gives the same columns, and the tab can run it where it could the other. */
function isAlike(before: PlannedQuery['plan'], after: PlannedQuery['plan']): boolean {
  const types = (plan: PlannedQuery['plan']) => JSON.stringify(plan.columns.map(({ type }) => type));
  return types(before) === types(after) && (after.engine.browserCapable || !before.engine.browserCapable);
}
