import type { QueryRequest } from '#shared/contract/query.ts';
import type { ClusterInput } from '#server/engine/cluster/cluster-engine.ts';
import { executableScans } from '#server/engine/execute/executable-scans.ts';
import type { JsonRows } from '#server/engine/execute/json-rows.ts';
import type { ExecuteInput } from '#server/engine/execute/server-engine.ts';
import type { PlannedQuery } from '#server/engine/plan/plan-query.ts';
import { resultKey, type ResultKeyInput } from '#server/engine/results/result-key.ts';
import type { Cluster } from './cluster.ts';
import type { QueryContext } from './plan-select.ts';

/** What an answer may be as JSON, which is put together in memory: of more, Arrow streams and pages are made. */
export const JSON_CHARACTERS = 64 * 2 ** 20;

export interface Asked {
  readonly planned: PlannedQuery;
  readonly request: Pick<QueryRequest, 'cache' | 'limit'>;
}

/** The rows on the server's engine, or on the cluster, or as they are known. @throws as ServerEngine and ClusterEngine */
export async function jsonRows(
  ctx: QueryContext,
  { planned, request, limit }: Asked & { readonly limit: number },
  signal: AbortSignal | undefined,
): Promise<JsonRows & { readonly fromCache: boolean }> {
  const run = async (cancel: AbortSignal | undefined) => {
    const more = { limit, maxCharacters: JSON_CHARACTERS };
    const there = onCluster(ctx, planned, cancel);
    return there === null
      ? ctx.engine.json({ ...(await execution(ctx, planned, cancel)), ...more })
      : there.engine.json({ ...there.input, ...more });
  };
  const key = cacheKey(ctx, { planned, request, form: 'json', limit });
  if (ctx.results === undefined || key === null) return { ...(await run(signal)), fromCache: false };
  const { pieces, fromCache } = await ctx.results.answer(
    key,
    async function* text(cancel) {
      yield Buffer.from(JSON.stringify(await run(cancel)));
    },
    signal,
    ctx.place,
  );
  let text = '';
  for await (const piece of pieces) text += Buffer.from(piece).toString();
  return { ...(JSON.parse(text) as JsonRows), fromCache };
}

/** Null where the answer is not to be kept, or not to be taken from what is. */
export function cacheKey(
  { engine }: QueryContext,
  { planned, request, form, limit }: Asked & Pick<ResultKeyInput, 'form' | 'limit'>,
): string | null {
  if (!planned.repeatable || request.cache === false) return null;
  const version = planned.clusterSql === undefined ? engine.version : 'cluster';
  return resultKey({ plan: planned.plan, version, form, limit });
}

export interface OnCluster {
  readonly engine: Cluster['engine'];
  readonly input: ClusterInput;
}

/** What the cluster runs of a query; null where it is not to. */
export function onCluster(
  { cluster }: QueryContext,
  { plan, clusterSql: sql }: PlannedQuery,
  signal: AbortSignal | undefined,
): OnCluster | null {
  if (cluster === undefined || sql === undefined) return null;
  const input = { sql, columns: plan.columns, ...(signal === undefined ? {} : { signal }) };
  return { engine: cluster.engine, input };
}

export async function execution(
  { opener, deletedRows }: QueryContext,
  { plan, sources, source, multiplies }: PlannedQuery,
  signal: AbortSignal | undefined,
): Promise<ExecuteInput> {
  const cancel = signal === undefined ? {} : { signal };
  return {
    sql: plan.sql,
    columns: plan.columns,
    source,
    multiplies,
    scans: await executableScans({ opener, deletedRows, sources, ...cancel }),
    ...cancel,
  };
}
