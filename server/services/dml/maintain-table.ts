import { present } from '#shared/util/present.ts';
import type { OptimizeStatement, VacuumStatement } from '#server/engine/dml/statement.ts';
import { optimizeTable, vacuumTable } from '../maintenance/index.ts';
import { tableId } from '../tables/index.ts';
import {
  openTarget,
  type StatementContext,
  type StatementOutcome,
  type StatementRun,
} from './statement-context.ts';

/** OPTIMIZE: rows stay as they are, in fewer or better files. */
export async function optimizeBy(
  ctx: StatementContext,
  run: StatementRun<OptimizeStatement>,
): Promise<StatementOutcome> {
  const { statement, branch, message, signal } = run;
  const { key } = await openTarget(ctx, run);
  const columns = statement.columns?.map((path) => [...path]);
  const result = await optimizeTable(
    ctx,
    tableId(key),
    { branch, rewriteAll: statement.full, ...present({ columns, message }) },
    signal,
  );
  const { rewritten, written, pruning, commits } = result;
  const read = (share: number) => `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;
  const gain =
    pruning === undefined
      ? ''
      : ` Selective queries read ${read(pruning.after.bytes)} of the table, before ${read(pruning.before.bytes)}.`;
  return {
    key,
    ...(await lastCommit(ctx, commits)),
    note:
      rewritten.files === 0
        ? 'Its files are as they should be.'
        : `${rewritten.files} files (${megabytes(rewritten.bytes)}) became ${written.files} (${megabytes(written.bytes)}).${gain}`,
  };
}

/** VACUUM: expires old snapshots, and removes files that nothing reads any more. */
export async function vacuumBy(
  ctx: StatementContext,
  run: StatementRun<VacuumStatement>,
): Promise<StatementOutcome> {
  const { statement, branch, message, signal } = run;
  const { key } = await openTarget(ctx, run);
  const { dryRun } = statement;
  const retainMs = statement.retainMs ?? undefined;
  const { expired, orphans } = await vacuumTable(
    ctx,
    tableId(key),
    { branch, dryRun, ...present({ retainMs, message }) },
    signal,
  );
  const files = dryRun
    ? orphans.orphans + Object.values(expired.unreachable).reduce((sum, count) => sum + count, 0)
    : orphans.deletedFiles + expired.deletedFiles;
  const would = dryRun ? ' would be' : '';
  const held =
    expired.held.length === 0
      ? ''
      : ` The history of the catalog still shows ${expired.held.length} of them, so their files stay.`;
  return {
    key,
    ...(await lastCommit(ctx, expired.commit === undefined ? [] : [expired.commit.hash])),
    note: `${expired.snapshotIds.length} snapshots${would} expired, ${files} files${would} deleted.${held}`,
  };
}

async function lastCommit(
  ctx: StatementContext,
  commits: readonly string[],
): Promise<Pick<StatementOutcome, 'commit'>> {
  const last = commits.at(-1);
  return { commit: last === undefined ? null : await ctx.catalog.getCommit(last) };
}

function megabytes(bytes: string): string {
  return `${(Number(bytes) / 1e6).toFixed(1)} MB`;
}
