import { YOU_CHOSE } from '#shared/contract/engine-reasons.ts';
import type { EngineName, EnginePreference } from '#shared/contract/plan.ts';
import { isAppError } from '#shared/errors/app-error.ts';
import type { PlannedQuery } from '#server/engine/plan/plan-query.ts';
import type { Cluster } from './cluster.ts';

/** Which engine ran a query, and why. */
export interface RanOn {
  readonly used: EngineName;
  readonly reason: string;
}

/** Why the server runs a query for which nobody named an engine. */
export const OUTSIDE_OF_TABS = 'Queries that come from no tab run on the server.';

/** Where a query is planned to run that the tab does not run: a tab is no engine of what asks the server. */
export function preferenceHere(
  cluster: Cluster | undefined,
  asked: EnginePreference | undefined,
): EnginePreference {
  if (asked === 'cluster' || asked === 'server') return asked;
  return cluster === undefined ? 'server' : 'auto';
}

/** The plan of a query that the tab does not run, with a reason that is of that: nobody may have named an engine. */
export function plannedHere(planned: PlannedQuery, asked: EnginePreference | undefined): PlannedQuery {
  const { engine } = planned.plan;
  const isNamed = asked === 'server' || asked === 'cluster';
  const isChosen = engine.reason.startsWith(YOU_CHOSE.server);
  if (isNamed || (engine.choice !== 'browser' && !isChosen)) return planned;
  // Behind it may be which materialized view answers.
  const reason = isChosen ? engine.reason.replace(YOU_CHOSE.server, OUTSIDE_OF_TABS) : OUTSIDE_OF_TABS;
  return {
    ...planned,
    plan: { ...planned.plan, engine: { ...engine, choice: 'server', reason } },
  };
}

/**
 * Runs a query where its plan says; on the server, where the cluster does not begin to answer and may be stood in for.
 *
 * @param run runs it on the cluster where the plan has `clusterSql`, else on the server
 */
export async function runWhere<T>(
  cluster: Cluster | undefined,
  planned: PlannedQuery,
  run: (planned: PlannedQuery) => Promise<T>,
): Promise<{ readonly answer: T; readonly ranOn: RanOn }> {
  const { clusterSql, ...here } = planned;
  const { reason } = planned.plan.engine;
  if (clusterSql === undefined) return { answer: await run(planned), ranOn: { used: 'server', reason } };
  try {
    return { answer: await run(planned), ranOn: { used: 'cluster', reason } };
  } catch (error) {
    const isItsFault = isAppError(error, 'UNAVAILABLE') || isAppError(error, 'UNSUPPORTED');
    if (cluster?.fallsBack !== true || !isItsFault) throw error;
    const engine = { ...planned.plan.engine, choice: 'server', reason: error.message } as const;
    const again = { ...here, plan: { ...planned.plan, engine } };
    return { answer: await run(again), ranOn: { used: 'server', reason: error.message } };
  }
}
