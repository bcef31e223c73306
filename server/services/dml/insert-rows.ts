import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import { composeInsert, insertQuery } from '#server/engine/dml/insert-query.ts';
import type { InsertStatement } from '#server/engine/dml/statement.ts';
import { writeRows } from '#server/engine/dml/write-rows.ts';
import type { DataFile } from '#server/iceberg/manifest/data-file.ts';
import { currentSchema } from '#server/iceberg/metadata/lookup.ts';
import { appendFiles } from '#server/iceberg/transaction/append-files.ts';
import { replacePartitions } from '#server/iceberg/transaction/replace-partitions.ts';
import type { RebasableCommit } from '#server/iceberg/transaction/staged-commit.ts';
import { discardFiles, tableId } from '../tables/index.ts';
import { land } from './land.ts';
import { openScans, planInStatement, type PlannedPart } from './plan-in-statement.ts';
import {
  openTarget,
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
  const schema = currentSchema(metadata);
  const composed = composeInsert(statement, schema);
  const part = composed === null ? null : await planInStatement(ctx, run, composed);
  const query = insertQuery(statement, schema, part?.planned.plan ?? null);
  const dataFiles = await writeQuery(ctx, run, metadata, query, part);
  const inserted = rowsOf(dataFiles);
  if (dataFiles.length === 0) return { key, commit: null, snapshotId: metadata.currentSnapshotId };
  const contentFiles = dataFiles.map(({ filePath }) => filePath);
  const staged = await stageInsert(ctx, statement, target, dataFiles).catch(async (error: unknown) => {
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
  const gone = !statement.overwrite ? 0n : BigInt(staged.snapshot.summary['deleted-records'] ?? '0');
  return { key, rows: { inserted, deleted: gone }, commit, snapshotId: staged.snapshot.snapshotId };
}

async function stageInsert(
  { io, manifests: cache }: StatementContext,
  { overwrite }: InsertStatement,
  base: Target,
  dataFiles: readonly DataFile[],
): Promise<RebasableCommit> {
  const common = { io, base, dataFiles, cache };
  return overwrite ? replacePartitions({ ...common, isolation: 'serializable' }) : appendFiles(common);
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
  const errors = part === null ? { sql: query } : { sql: part.planned.plan.sql, source: part.source };
  return ctx.engine.session(
    { scans, ...errors, ...(signal === undefined ? {} : { signal }) },
    async (session) => writeRows({ session, io: ctx.io, metadata, query, directory: ctx.stagingDirectory }),
  );
}

export function rowsOf(files: readonly DataFile[]): bigint {
  return files.reduce((sum, { recordCount }) => sum + recordCount, 0n);
}

export function counted(rows: bigint | number): string {
  return `${rows.toLocaleString('en-US')} ${Number(rows) === 1 ? 'row' : 'rows'}`;
}
