import type { PlanRequest, TabEngine } from '#shared/contract/plan.ts';
import type { EnginePlace } from '#server/engine/execute/engine-place.ts';
import type { FileOpener } from '#server/engine/files/open-files.ts';
import type { RowGroupSource } from '#server/engine/files/row-groups.ts';
import type { FileProbe } from '#server/engine/plan/probe-files.ts';
import type { PlannedQuery, PlanQueryInput, QueryPlanner } from '#server/engine/plan/plan-query.ts';
import type { ServerEngine } from '#server/engine/execute/server-engine.ts';
import type { LoadedExtensions } from '#server/engine/extensions/loaded-extensions.ts';
import type { ResultCache } from '#server/engine/results/result-cache.ts';
import { dataFileUrl, deletesUrl, type DeletesContext } from '../data-files/index.ts';
import { resolveRef } from '../refs/index.ts';
import { listTableNames } from '../tables/index.ts';
import { withCluster, type Cluster } from './cluster.ts';
import { withPivotValues } from './pivot-values.ts';
import { planAtTime } from './plan-at-time.ts';
import { tableResolver } from './resolve-table.ts';
import { storedViews } from './stored-views.ts';

/** What queries need beside the ports. */
export interface QueryContext extends DeletesContext {
  readonly planner: QueryPlanner;
  readonly engine: ServerEngine;
  readonly opener: FileOpener;
  /** Who asks only wants to know what is wrong: nothing is read of data. */
  readonly runsNothing?: boolean;
  /** Hears where the request that this is for stands. */
  readonly place?: EnginePlace;
  /** Answers of earlier queries; without it every query runs. */
  readonly results?: ResultCache;
  /** Without it no file is asked, and more of them are read. */
  readonly probe?: FileProbe;
  /** Without it files are read whole. */
  readonly rowGroups?: RowGroupSource;
  /** How long an engine may work on a query; what the tab's keeps to. */
  readonly queryTimeoutMs?: number;
  /** The most compressed bytes that a plan may need to run in the tab. */
  readonly browserBytes: number;
  /** What the lakehouse lets the tab do; all of it where not given. */
  readonly tabEngine?: TabEngine;
  /** What the engines load beside what is built in; nothing where not given. */
  readonly extensions?: LoadedExtensions;
  /** Where queries run that are too big for one machine. */
  readonly cluster?: Cluster;
}

/** Plans one SELECT. @throws REF_NOT_FOUND, TABLE_NOT_FOUND, SQL_SYNTAX, SQL_BINDING, COLUMN_NOT_FOUND…, with places in the SQL */
export async function planSelect(
  ctx: QueryContext,
  request: PlanRequest,
  signal?: AbortSignal,
): Promise<PlannedQuery> {
  const ref = await resolveRef(ctx, request.ref);
  const plain: PlanQueryInput = {
    sql: request.sql,
    ref: { name: ref.name, hash: ref.hash },
    preference: request.engine ?? 'auto',
    ...(request.locals === undefined ? {} : { locals: request.locals }),
    resolveTable: tableResolver(ctx, ref),
    listTables: () => listTableNames(ctx, ref.hash),
    ...(request.materializedViews === false ? {} : { storedViews: storedViews(ctx) }),
    io: ctx.io,
    manifests: ctx.manifests,
    fileUrl: (location) => dataFileUrl(ctx.io, location),
    deletesUrl: (table, deletes) => {
      ctx.deletedRows.remember(deletes);
      return deletesUrl(table, deletes);
    },
    browserBytes: ctx.browserBytes,
    ...(ctx.tabEngine === undefined ? {} : { tabEngine: ctx.tabEngine }),
    ...(ctx.extensions === undefined ? {} : { serverNames: ctx.extensions.names }),
    ...(ctx.probe === undefined ? {} : { probe: ctx.probe }),
    ...(ctx.rowGroups === undefined ? {} : { rowGroups: ctx.rowGroups }),
    ...(signal === undefined ? {} : { signal }),
  };
  const input = withPivotValues(ctx, plain, ctx.runsNothing !== true);
  const first = await ctx.planner.plan(input);
  const timed = await planAtTime(request.sql, first, async (sql) => ctx.planner.plan({ ...input, sql }));
  const planned = await withCluster(ctx.cluster, timed, request.engine ?? 'auto');
  const { queryTimeoutMs: timeoutMs } = ctx;
  return timeoutMs === undefined ? planned : { ...planned, plan: { ...planned.plan, timeoutMs } };
}
