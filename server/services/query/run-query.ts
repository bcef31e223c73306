import type { Plan } from '#shared/contract/plan.ts';
import type { QueryRequest, QueryResult } from '#shared/contract/query.ts';
import { snapshotsOf } from '#shared/contract/snapshots-of.ts';
import { AppError, isAppError } from '#shared/errors/app-error.ts';
import type { ExecuteInput } from '#server/engine/execute/server-engine.ts';
import type { PlannedQuery } from '#server/engine/plan/plan-query.ts';
import type { CachedAnswer } from '#server/engine/results/result-cache.ts';
import { answerStream } from './answer-stream.ts';
import { cacheKey, execution, jsonRows, onCluster, type Asked } from './execution.ts';
import { planWithSources } from './plan-query.ts';
import type { QueryContext } from './plan-select.ts';
import { plannedHere, runWhere, type RanOn } from './run-on-cluster.ts';

/** Rows of a JSON answer where the request names no limit. */
export const JSON_ROW_LIMIT = 10_000;

/** Runs a query on the server's engine, or on the cluster; whole, for scripts. @throws as planQuery, ServerEngine and ClusterEngine */
export async function queryJson(
  ctx: QueryContext,
  request: QueryRequest,
  signal?: AbortSignal,
): Promise<QueryResult> {
  const started = performance.now();
  const limit = request.limit ?? JSON_ROW_LIMIT;
  const { plan, answer, ranOn } = await planAndRun(ctx, request, signal, (planned) =>
    jsonRows(ctx, { planned, request, limit }, signal),
  );
  const { rows, truncated, fromCache } = answer;
  return {
    columns: plan.columns,
    rows: rows.map((row) => [...row]),
    rowCount: rows.length,
    truncated,
    ref: plan.ref,
    snapshots: snapshotsOf(plan),
    elapsedMs: Math.round(performance.now() - started),
    ...(ctx.cluster === undefined ? {} : { engine: ranOn }),
    ...(fromCache ? { fromCache } : {}),
  };
}

/** Rows of a query as they come. */
export interface ArrowAnswer {
  readonly planId: string;
  readonly stream: ReadableStream<Uint8Array>;
  readonly fromCache: boolean;
  readonly ranOn: RanOn;
}

/**
 * Runs a query on the server's engine, or on the cluster; as an Arrow IPC stream, which is computed as it is read. What goes wrong
 * before the first rows is thrown; what goes wrong later breaks the stream.
 *
 * @param broke is told why, before the stream breaks
 */
export async function queryArrow(
  ctx: QueryContext,
  request: QueryRequest,
  signal?: AbortSignal,
  broke?: (error: unknown) => void,
): Promise<ArrowAnswer> {
  const { plan, answer, ranOn } = await planAndRun(ctx, request, signal, async (planned) => {
    const { pieces, fromCache } = await arrowPieces(ctx, { planned, request }, signal);
    return { pieces, fromCache, first: await pieces.next() };
  });
  const { fromCache } = answer;
  const stream = answerStream(answer, broke);
  return { planId: plan.id, stream, fromCache, ranOn };
}

/**
 * Plans a query and runs it; once more where a file of its plan has gone since, as maintenance removes some, and the
 * tables are others by now. @throws as planQuery and `run`
 */
async function planAndRun<T>(
  ctx: QueryContext,
  request: QueryRequest,
  signal: AbortSignal | undefined,
  run: (planned: PlannedQuery) => Promise<T>,
): Promise<{ readonly plan: Plan; readonly answer: T; readonly ranOn: RanOn }> {
  const planned = await planHere(ctx, request, signal);
  const running = async (query: PlannedQuery) => ({
    plan: query.plan,
    ...(await runWhere(ctx.cluster, query, run)),
  });
  try {
    return await running(planned);
  } catch (error) {
    if (!isAppError(error, 'FILE_NOT_FOUND')) throw error;
    const again = await planHere(ctx, request, signal);
    if (again.plan.id === planned.plan.id) throw stillNamed(error);
    return running(again);
  }
}

/** A file is gone, and no commit has left it out: people are told it by what is in the lakehouse, and what helps. */
function stillNamed(error: AppError): AppError {
  const { path } = error.context;
  if (typeof path !== 'string') return error;
  // Where the lakehouse lies on its machine is for nobody else.
  const name = `…/${path.split('/').slice(-3).join('/')}`;
  return new AppError(
    error.code,
    `The file ${name} is gone. The query was planned again, and its table still names the file: put it back from a copy, or go back to a version without it by RESTORE TABLE … TO VERSION.`,
    { context: { ...error.context, path: name }, cause: error },
  );
}

/** The plan of a query that the tab does not run. @throws as planQuery */
export async function planHere(
  ctx: QueryContext,
  request: Pick<QueryRequest, 'sql' | 'ref' | 'engine'>,
  signal?: AbortSignal,
): Promise<PlannedQuery> {
  return plannedHere(await planWithSources(ctx, request, signal, false), request.engine);
}

async function arrowPieces(
  ctx: QueryContext,
  { planned, request }: Asked,
  signal: AbortSignal | undefined,
): Promise<CachedAnswer> {
  const { limit } = request;
  const run = async function* run(cancel: AbortSignal | undefined): AsyncGenerator<Uint8Array> {
    const there = onCluster(ctx, planned, cancel);
    if (there !== null)
      return yield* there.engine.arrow({ ...there.input, ...(limit === undefined ? {} : { limit }) });
    yield* ctx.engine.arrow({
      ...(await execution(ctx, planned, cancel)),
      ...(limit === undefined ? {} : { limit }),
    });
  };
  const key = cacheKey(ctx, { planned, request, form: 'arrow', limit: limit ?? null });
  return ctx.results === undefined || key === null
    ? { pieces: run(signal), fromCache: false }
    : ctx.results.answer(key, run, signal, ctx.place);
}

/** A query as the engine runs it, for those who do something else with its rows. @throws as planQuery */
export async function planExecution(
  ctx: QueryContext,
  request: Pick<QueryRequest, 'sql' | 'ref'>,
  signal?: AbortSignal,
): Promise<{ readonly plan: Plan; readonly input: ExecuteInput; readonly repeatable: boolean }> {
  const planned = await planWithSources(ctx, { ...request, engine: 'server' }, signal);
  const { plan, repeatable, simple } = planned;
  // What EXPLAIN and its like tell is told again, whatever it is about.
  return { plan, input: await execution(ctx, planned, signal), repeatable: repeatable || simple === null };
}
