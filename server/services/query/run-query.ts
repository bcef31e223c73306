import type { Plan } from '#shared/contract/plan.ts';
import type { QueryRequest, QueryResult } from '#shared/contract/query.ts';
import { executableScans } from '#server/engine/execute/executable-scans.ts';
import type { ExecuteInput } from '#server/engine/execute/server-engine.ts';
import type { PlannedQuery } from '#server/engine/plan/plan-query.ts';
import { planWithSources } from './plan-query.ts';
import type { QueryContext } from './plan-select.ts';

/** Rows of a JSON answer where the request names no limit. */
export const JSON_ROW_LIMIT = 10_000;

/** Runs a query on the server engine; whole, for scripts. @throws as planQuery and ServerEngine */
export async function queryJson(
  ctx: QueryContext,
  request: QueryRequest,
  signal?: AbortSignal,
): Promise<QueryResult> {
  const started = performance.now();
  const planned = await planWithSources(ctx, { ...request, engine: 'server' }, signal);
  const { plan } = planned;
  const limit = request.limit ?? JSON_ROW_LIMIT;
  const { rows, truncated } = await ctx.engine.json({ ...(await execution(ctx, planned, signal)), limit });
  return {
    columns: plan.columns,
    rows: rows.map((row) => [...row]),
    rowCount: rows.length,
    truncated,
    ref: plan.ref,
    snapshots: plan.scans.map(({ table, snapshotId }) => ({
      table,
      ...(snapshotId === undefined ? {} : { snapshotId }),
    })),
    elapsedMs: Math.round(performance.now() - started),
  };
}

/**
 * Runs a query on the server engine; as an Arrow IPC stream, which is computed as it is read. What goes wrong
 * before the first rows is thrown; what goes wrong later breaks the stream.
 */
export async function queryArrow(
  ctx: QueryContext,
  request: QueryRequest,
  signal?: AbortSignal,
): Promise<{ readonly planId: string; readonly stream: ReadableStream<Uint8Array> }> {
  const planned = await planWithSources(ctx, { ...request, engine: 'server' }, signal);
  const { plan } = planned;
  const { limit } = request;
  const pieces = ctx.engine.arrow({
    ...(await execution(ctx, planned, signal)),
    ...(limit === undefined ? {} : { limit }),
  });
  const first = await pieces.next();
  let pending: IteratorResult<Uint8Array> | null = first;
  const stream = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const piece = pending ?? (await pieces.next());
      pending = null;
      if (piece.done === true) controller.close();
      else controller.enqueue(piece.value);
    },
    async cancel() {
      await pieces.return(undefined);
    },
  });
  return { planId: plan.id, stream };
}

/** A query as the engine runs it, for those who do something else with its rows. @throws as planQuery */
export async function planExecution(
  ctx: QueryContext,
  request: Pick<QueryRequest, 'sql' | 'ref'>,
  signal?: AbortSignal,
): Promise<{ readonly plan: Plan; readonly input: ExecuteInput }> {
  const planned = await planWithSources(ctx, { ...request, engine: 'server' }, signal);
  return { plan: planned.plan, input: await execution(ctx, planned, signal) };
}

async function execution(
  { opener, deletedRows }: QueryContext,
  { plan, sources, source }: PlannedQuery,
  signal: AbortSignal | undefined,
): Promise<ExecuteInput> {
  const cancel = signal === undefined ? {} : { signal };
  return {
    sql: plan.sql,
    columns: plan.columns,
    source,
    scans: await executableScans({ opener, deletedRows, sources, ...cancel }),
    ...cancel,
  };
}
