import type { QueryRunList, QueryRunQuery, RecordedRun } from '#shared/contract/query-runs.ts';
import type { ServiceContext } from '../context.ts';
import type { QueryRunStore } from './query-run-store.ts';

export interface QueryRunContext extends ServiceContext {
  readonly queryRuns: QueryRunStore;
}

/** Runs that are kept; the oldest go first. */
const KEPT_RUNS = 10_000;

/**
 * Notes runs that pages tell of, however late: they keep them while the server is away. Told twice, they count once.
 * A clock that is ahead of the server's does not put a run above those that come after it.
 */
export async function recordRuns(ctx: QueryRunContext, runs: readonly RecordedRun[]): Promise<number> {
  const now = new Date().toISOString();
  const recorded = await ctx.queryRuns.record(
    runs.map((run) => ({ ...run, at: run.at > now ? now : run.at })),
    ctx.author,
  );
  if (recorded > 0) await ctx.queryRuns.trim(KEPT_RUNS);
  return recorded;
}

export async function listRuns(ctx: QueryRunContext, query: QueryRunQuery): Promise<QueryRunList> {
  const found = await ctx.queryRuns.list({ ...query, limit: query.limit + 1 });
  const runs = found.slice(0, query.limit);
  const last = runs.at(-1);
  const more = found.length > runs.length && last !== undefined;
  return { runs, ...(more ? { next: `${last.at}~${last.id}` } : {}) };
}
