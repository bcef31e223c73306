import type { Snapshot } from '#shared/iceberg/snapshot.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import type { TableChange } from '#shared/iceberg/table-update.ts';
import { present } from '#shared/util/present.ts';
import { fitInsert } from '#server/engine/dml/insert-fit.ts';
import { composeInsert, insertedColumns, insertQuery } from '#server/engine/dml/insert-query.ts';
import type { InsertStatement } from '#server/engine/dml/statement.ts';
import { writeRows } from '#server/engine/dml/write-rows.ts';
import type { DataFile } from '#server/iceberg/manifest/data-file.ts';
import { currentSchema } from '#server/iceberg/metadata/lookup.ts';
import { applyUpdates } from '#server/iceberg/metadata/apply-updates.ts';
import { appendFiles, type AppendFilesInput } from '#server/iceberg/transaction/append-files.ts';
import { replacePartitions } from '#server/iceberg/transaction/replace-partitions.ts';
import type { RebasableCommit } from '#server/iceberg/transaction/staged-commit.ts';
import { discardFiles, tableId, withOwnFieldIds } from '../tables/index.ts';
import { land } from './land.ts';
import { openScans, planInStatement, type PlannedPart } from './plan-in-statement.ts';
import { targetReads } from './target-reads.ts';
import {
  openTarget,
  placedAtTarget,
  type StatementContext,
  type StatementOutcome,
  type StatementRun,
  type Target,
} from './statement-context.ts';

/** INSERT INTO, and INSERT OVERWRITE: partitions that the new rows are of lose the rows they had. */
export async function insertRows(
  ctx: StatementContext,
  run: StatementRun<InsertStatement>,
): Promise<StatementOutcome> {
  const { statement } = run;
  const target = await openTarget(ctx, run);
  const { metadata, key } = target;
  const composed = composeInsert(statement, currentSchema(metadata));
  const part = composed === null ? null : await planInStatement(ctx, run, composed);
  const { names, change: widening } = fit(run, target, part);
  const change = await withOwnFieldIds(ctx, metadata, widening);
  const evolved = applyUpdates(metadata, change.updates, { metadataLocation: null });
  const query = insertQuery(
    currentSchema(evolved),
    part === null ? null : { sql: part.planned.plan.sql, names },
  );
  const dataFiles = await writeQuery(ctx, run, evolved, query, part);
  const inserted = rowsOf(dataFiles);
  if (dataFiles.length === 0 && change.updates.length === 0)
    return { key, commit: null, snapshotId: metadata.currentSnapshotId };
  const contentFiles = dataFiles.map(({ filePath }) => filePath);
  const readFilter = targetReads(metadata, part?.planned.sources ?? []);
  const staged = await stageInsert(ctx, statement, {
    base: target,
    dataFiles,
    ...change,
    ...present({ readFilter }),
  }).catch(async (error: unknown) => {
    await discardFiles(ctx, contentFiles);
    throw error;
  });
  const verb = !statement.overwrite ? 'Insert' : 'Overwrite with';
  const commit = await land(ctx, {
    run,
    key,
    standing: target.content,
    staged,
    contentFiles,
    message: `${verb} ${counted(inserted)} ${!statement.overwrite ? 'into' : 'in'} ${tableId(key)}`,
  });
  const deleted = statement.overwrite ? rowsReplaced(staged.snapshot) : 0n;
  return { key, rows: { inserted, deleted }, commit, snapshotId: staged.snapshot.snapshotId };
}

/** What the columns of the rows are called in the table, and what it has to become for them. */
function fit(
  { statement, mergeSchema }: StatementRun<InsertStatement>,
  { key, metadata }: Target,
  part: PlannedPart | null,
): { readonly names: readonly string[]; readonly change: TableChange } {
  const unchanged = { updates: [], requirements: [] };
  if (part === null) return { names: [], change: unchanged };
  const { columns: planned } = part.planned.plan;
  const columns = insertedColumns(statement, currentSchema(metadata), planned, mergeSchema);
  const names = columns.map(({ name }) => name);
  // Each value of VALUES has been cast to its column's type, as one wrote it for that.
  if (statement.source.kind === 'values' && !statement.byName) return { names, change: unchanged };
  try {
    return { names, change: fitInsert({ columns, metadata, mergeSchema, table: tableId(key) }) };
  } catch (error) {
    throw placedAtTarget(error, statement.sql, statement.target.span.start);
  }
}

async function stageInsert(
  { io, manifests: cache }: StatementContext,
  { overwrite }: InsertStatement,
  rows: Omit<AppendFilesInput, 'io' | 'cache'>,
): Promise<RebasableCommit> {
  const common = { io, cache, isolation: 'serializable', ...rows } as const;
  // No row is of no partition: then nothing is replaced.
  return overwrite && rows.dataFiles.length > 0 ? replacePartitions(common) : appendFiles(common);
}

/** Runs a query in the sandbox and writes its rows as files of the table. */
export async function writeQuery(
  ctx: StatementContext,
  run: StatementRun,
  metadata: TableMetadata,
  query: string,
  part: PlannedPart | null,
): Promise<readonly DataFile[]> {
  const { signal } = run;
  const scans = part === null ? [] : await openScans(ctx, run, part.planned.sources);
  const errors =
    part === null
      ? { sql: query }
      : { sql: part.planned.plan.sql, source: part.source, multiplies: part.planned.multiplies };
  return ctx.engine.session(
    { scans, ...errors, ...(signal === undefined ? {} : { signal }) },
    async (session) => writeRows({ session, io: ctx.io, metadata, query, directory: ctx.stagingDirectory }),
  );
}

/** Rows that deletes had taken away were gone before; how many equality deletes took, no metadata says. */
function rowsReplaced({ summary }: Snapshot): bigint {
  const [records = 0n, gone = 0n] = ['deleted-records', 'removed-position-deletes'].map((name) =>
    BigInt(summary[name] ?? '0'),
  );
  return records > gone ? records - gone : 0n;
}

export function rowsOf(files: readonly DataFile[]): bigint {
  return files.reduce((sum, { recordCount }) => sum + recordCount, 0n);
}

export function counted(rows: bigint | number): string {
  return `${rows.toLocaleString('en-US')} ${Number(rows) === 1 ? 'row' : 'rows'}`;
}
