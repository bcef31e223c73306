import type { OptimizeRequest, OptimizeResult } from '#shared/contract/maintenance.ts';
import { isAppError } from '#shared/errors/app-error.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import { compactionOptions, type CompactionOptions } from '#server/iceberg/maintenance/compaction-options.ts';
import { CoveredDeletes } from '#server/iceberg/maintenance/covered-deletes.ts';
import { planRewrite, type RewriteGroup } from '#server/iceberg/maintenance/plan-rewrite.ts';
import { readShare, samplePredicates, type ColumnSample } from '#server/iceberg/maintenance/pruning-gain.ts';
import type { DataFile } from '#server/iceberg/manifest/data-file.ts';
import { planFiles, type FilePlan } from '#server/iceberg/scan/plan-files.ts';
import { rewriteFiles } from '#server/iceberg/transaction/rewrite-files.ts';
import { discardFiles, parseTableId, tableId } from '../tables/index.ts';
import type { MaintenanceContext } from './context.ts';
import { head, landRewrite, type MaintenanceTarget } from './land-rewrite.ts';
import { rewriteGroup } from './rewrite-group.ts';
import { chooseOrder, type ChosenOrder } from './row-order.ts';
import { tableSize, total } from './table-size.ts';

/** What one run has come to so far. */
interface Progress {
  readonly rewritten: DataFile[];
  readonly written: DataFile[];
  readonly removedDeletes: DataFile[];
  readonly failed: string[];
  readonly commits: string[];
  readonly sample: Map<number, ColumnSample['values']>;
}

interface Run {
  readonly target: MaintenanceTarget;
  readonly metadata: TableMetadata;
  readonly plan: FilePlan;
  readonly order: ChosenOrder;
  readonly options: CompactionOptions;
}

/**
 * Writes files of a table anew: of a better size, without deleted rows, in an order, in the partition spec that the
 * table has now. Rows stay what they are; appends meanwhile are no matter; where another commit deletes or changes
 * rows of a file meanwhile, what was rewritten of it is given up.
 *
 * @throws INVALID_INPUT, COLUMN_NOT_FOUND, TABLE_NOT_FOUND, REF_NOT_FOUND, FORBIDDEN (a tag); COMMIT_CONFLICT where
 *   all is one commit and another was in its way; CORRUPT_FILE, STORAGE_FULL, AbortError
 */
export async function optimizeTable(
  ctx: MaintenanceContext,
  table: string,
  request: OptimizeRequest = {},
  signal?: AbortSignal,
): Promise<OptimizeResult> {
  const branch = request.branch ?? ctx.catalog.defaultBranch;
  const { key, metadata } = await head(ctx, { key: parseTableId(table), branch });
  const order = chooseOrder(metadata, request);
  const options = compactionOptions(metadata, request);
  const plan = await planFiles({ io: ctx.io, metadata, cache: ctx.manifests, tableName: tableId(key) });
  const groups = planRewrite(metadata, plan.files, order.plan, options);
  const target: MaintenanceTarget = {
    key,
    branch,
    message: request.message ?? messageFor(tableId(key), order),
    properties: { operation: 'optimize', strategy: order.strategy },
    signal,
  };
  const run: Run = { target, metadata, plan, order, options };
  const progress: Progress = {
    rewritten: [],
    written: [],
    removedDeletes: [],
    failed: [],
    commits: [],
    sample: new Map(),
  };
  if (request.dryRun === true)
    progress.rewritten.push(...groups.flatMap((group) => group.files.map(({ file }) => file)));
  else if (groups.length > 0) await rewriteAll(ctx, run, groups, request.commitEveryGroups, progress);
  return report(ctx, run, progress, { dryRun: request.dryRun === true, groups: groups.length });
}

function messageFor(table: string, { strategy, columns }: ChosenOrder): string {
  const by = columns.join(', ');
  switch (strategy) {
    case 'bin-pack':
      return `Compact ${table}`;
    case 'sort':
      return `Sort ${table} by ${by}`;
    case 'z-order':
      return `Z-order ${table} by ${by}`;
    case 'cluster':
      return `Cluster ${table} by ${by}`;
  }
}

interface Batch {
  readonly groups: RewriteGroup[];
  readonly added: DataFile[];
}

async function rewriteAll(
  ctx: MaintenanceContext,
  run: Run,
  groups: readonly RewriteGroup[],
  commitEvery: number | undefined,
  progress: Progress,
): Promise<void> {
  const { target, order, metadata } = run;
  const covered = new CoveredDeletes(run.plan.files);
  const title = target.message;
  await ctx.jobs.run({ kind: 'optimize', title, total: groups.length, unit: 'groups' }, async (tell) => {
    let batch: Batch = { groups: [], added: [] };
    try {
      for (const [index, group] of groups.entries()) {
        target.signal?.throwIfAborted();
        tell({ step: `${group.files.length} files`, done: index });
        const { sortOrderId } = order.plan.kind === 'sort' ? order.plan : {};
        const { files, sample } = await rewriteGroup(ctx, {
          metadata,
          group,
          order: order.write,
          targetFileBytes: run.options.targetFileBytes,
          ...(sortOrderId === undefined ? {} : { sortOrderId }),
          ...(target.signal === undefined ? {} : { signal: target.signal }),
        });
        for (const { fieldId, values } of sample)
          progress.sample.set(fieldId, [...(progress.sample.get(fieldId) ?? []), ...values]);
        batch.groups.push(group);
        batch.added.push(...files);
        if (commitEvery === undefined || batch.groups.length < commitEvery) continue;
        const full = batch;
        batch = { groups: [], added: [] };
        await landBatch(ctx, run, full, covered, progress, true);
      }
    } catch (error) {
      await discardFiles(
        ctx,
        batch.added.map(({ filePath }) => filePath),
      );
      throw error;
    }
    if (batch.groups.length > 0)
      await landBatch(ctx, run, batch, covered, progress, commitEvery !== undefined);
  });
}

/** @param partial whether others that are done or to come are worth something without it */
async function landBatch(
  ctx: MaintenanceContext,
  { target, metadata, plan }: Run,
  { groups, added }: Batch,
  covered: CoveredDeletes,
  progress: Progress,
  partial: boolean,
): Promise<void> {
  const planned = groups.flatMap((group) => group.files);
  const rewritten = planned.map(({ file }) => file);
  const deletes = covered.without(planned);
  try {
    const { commit } = await landRewrite(
      ctx,
      target,
      added.map(({ filePath }) => filePath),
      (base) =>
        rewriteFiles({
          io: ctx.io,
          base,
          cache: ctx.manifests,
          replacedFiles: [...rewritten, ...deletes],
          addedFiles: added,
          startSnapshotId: plan.snapshot?.snapshotId ?? null,
          // Of v1 there are no deletes, and so no order of them.
          ...(metadata.formatVersion === 1 || plan.snapshot === undefined
            ? {}
            : { dataSequenceNumber: plan.snapshot.sequenceNumber }),
        }),
    );
    covered.landed(planned);
    progress.commits.push(commit.hash);
    progress.rewritten.push(...rewritten);
    progress.written.push(...added);
    progress.removedDeletes.push(...deletes);
  } catch (error) {
    if (!partial || !isAppError(error, 'COMMIT_CONFLICT')) throw error;
    ctx.logger.warn({ err: error, table: tableId(target.key) }, 'a part of a table was not optimized');
    progress.failed.push(error.message);
  }
}

async function report(
  ctx: MaintenanceContext,
  { target, metadata, plan, order }: Run,
  progress: Progress,
  { dryRun, groups }: { readonly dryRun: boolean; readonly groups: number },
): Promise<OptimizeResult> {
  const fieldIds = order.plan.kind === 'as-is' ? [] : order.plan.fieldIds;
  const before = plan.files.map(({ file }) => file);
  const now = progress.commits.length === 0 ? metadata : (await head(ctx, target)).metadata;
  const gone = new Set(progress.rewritten.map(({ filePath }) => filePath));
  // What others appended meanwhile is not this run's.
  const after = dryRun
    ? before
    : [...before.filter(({ filePath }) => !gone.has(filePath)), ...progress.written];
  const predicates = samplePredicates([...progress.sample].map(([fieldId, values]) => ({ fieldId, values })));
  return {
    table: tableId(target.key),
    strategy: order.strategy,
    columns: [...order.columns],
    dryRun,
    before: await tableSize(ctx, metadata, before, fieldIds),
    after: await tableSize(ctx, now, after, fieldIds),
    rewritten: sizeOf(progress.rewritten),
    written: sizeOf(progress.written),
    removedDeleteFiles: progress.removedDeletes.length,
    groups,
    failedGroups: progress.failed,
    ...(predicates.length === 0 || progress.commits.length === 0
      ? {}
      : {
          pruning: {
            predicates: predicates.length,
            before: readShare(metadata, before, predicates),
            after: readShare(now, after, predicates),
          },
        }),
    commits: progress.commits,
  };
}

function sizeOf(files: readonly DataFile[]): OptimizeResult['rewritten'] {
  return { files: files.length, bytes: total(files, ({ fileSizeInBytes }) => fileSizeInBytes) };
}
