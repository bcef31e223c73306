import { YOU_CHOSE } from '#shared/contract/engine-reasons.ts';
import type { EnginePreference } from '#shared/contract/plan.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { ClusterEngine } from '#server/engine/cluster/cluster-engine.ts';
import type { ClusterPlanner } from '#server/engine/cluster/cluster-planner.ts';
import { formatBytes } from '#server/engine/plan/engine-choice.ts';
import type { PlannedQuery } from '#server/engine/plan/plan-query.ts';

/** A cluster that reads the same tables. */
export interface Cluster {
  readonly planner: Pick<ClusterPlanner, 'translate'>;
  readonly engine: Pick<ClusterEngine, 'arrow' | 'json' | 'chunks'>;
  /** From how many compressed bytes on a query runs there, where the tab does not. */
  readonly minBytes: number;
  /** Whether the server runs what the cluster can't or won't. */
  readonly fallsBack: boolean;
}

/**
 * The plan with the cluster as its engine, where the query is big enough for it or the person wants it there, and it is
 * known to have the same answer there.
 *
 * @throws INVALID_INPUT where the person wants it there, and there is no cluster; UNSUPPORTED where it is not for the
 *   cluster, and the server is not to run it instead
 */
export async function withCluster(
  cluster: Cluster | undefined,
  planned: PlannedQuery,
  preference: EnginePreference,
): Promise<PlannedQuery> {
  const { plan } = planned;
  const isAsked = preference === 'cluster';
  if (cluster === undefined) {
    if (!isAsked) return planned;
    throw new AppError(
      'INVALID_INPUT',
      'No cluster is set up here. Choose another engine, or set CLUSTER_TRINO_URL on the server.',
    );
  }
  const isBig = preference === 'auto' && plan.bytes >= cluster.minBytes && plan.engine.choice === 'server';
  if (plan.locals !== undefined || plan.answeredFrom === 'metadata' || !(isAsked || isBig)) return planned;
  const found = await cluster.planner.translate(planned);
  const { browserCapable } = plan.engine;
  const size = `It needs ${formatBytes(plan.bytes)}`;
  if ('sql' in found) {
    const reason = isAsked
      ? YOU_CHOSE.cluster
      : `${size}; from ${formatBytes(cluster.minBytes)} on queries run on the cluster.`;
    return {
      ...planned,
      clusterSql: found.sql,
      plan: { ...plan, engine: { choice: 'cluster', reason, browserCapable } },
    };
  }
  if (!cluster.fallsBack && planned.sources.length > 0)
    throw new AppError(
      'UNSUPPORTED',
      `The query is not for the cluster: ${found.refused}. Write it otherwise, or choose the server.`,
    );
  const why = `is not for the cluster: ${found.refused}.`;
  return {
    ...planned,
    plan: {
      ...plan,
      engine: { choice: 'server', reason: isAsked ? `It ${why}` : `${size}, and ${why}`, browserCapable },
    },
  };
}
