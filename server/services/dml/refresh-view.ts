import { AppError, isAppError } from '#shared/errors/app-error.ts';
import { duckDbTypeOf, schemaFromColumns } from '#shared/iceberg/duckdb-types.ts';
import type { Schema } from '#shared/iceberg/schema.ts';
import { quoteIdentifier } from '#shared/sql/quoting.ts';
import { ComposedSql } from '#server/engine/dml/composed-sql.ts';
import { incomingColumns } from '#server/engine/dml/incoming-columns.ts';
import { insertQuery } from '#server/engine/dml/insert-query.ts';
import type { RefreshStatement } from '#server/engine/dml/statement.ts';
import { writeRows } from '#server/engine/dml/write-rows.ts';
import { brokenStored } from '#server/engine/plan/expand-views.ts';
import type { ScanSource } from '#server/engine/plan/scan-source.ts';
import { mergePlan, mergeSql, type MergePlan } from '#server/engine/views/merge-plan.ts';
import { ownDeletes } from '#server/engine/dml/write-deletes.ts';
import type { DataFile } from '#server/iceberg/manifest/data-file.ts';
import { currentSchema } from '#server/iceberg/metadata/lookup.ts';
import { planFiles } from '#server/iceberg/scan/plan-files.ts';
import { overwriteFiles } from '#server/iceberg/transaction/overwrite-files.ts';
import { refreshStateOf, refreshSummary, sameSource, staleness, type SourceState } from '../query/index.ts';
import { discardFiles, tableId, VIEW_SQL } from '../tables/index.ts';
import { addedFiles } from './added-files.ts';
import { counted, rowsOf } from './insert-rows.ts';
import { land } from './land.ts';
import { openScans, planInStatement, type PlannedPart } from './plan-in-statement.ts';
import {
  openTarget,
  placedAtTarget,
  type StatementContext,
  type StatementOutcome,
  type StatementRun,
  type Target,
} from './statement-context.ts';
import { assertFollows, assertPlainText, sourceStates } from './view-definition.ts';

/** @throws FORBIDDEN where the target is a materialized view, whose rows are its query's */
export async function assertNoView(ctx: StatementContext, run: StatementRun): Promise<void> {
  const { sql, target } = run.statement;
  // What is not there is told of by who looks for it.
  const found = await openTarget(ctx, run).catch(() => null);
  if (found?.metadata.properties[VIEW_SQL] === undefined) return;
  throw placedAtTarget(
    new AppError(
      'FORBIDDEN',
      `${tableId(found.key)} is a materialized view, whose rows are those of its query. Change its tables and write REFRESH MATERIALIZED VIEW.`,
      { context: { table: tableId(found.key) } },
    ),
    sql,
    target.span.start,
  );
}

/** How a view comes to its new rows, and what of its tables is read for them. */
interface Refresh {
  readonly plan: Exclude<MergePlan, { kind: 'none' }> | null;
  readonly sources: readonly ScanSource[];
  readonly note: string;
}

/**
 * REFRESH MATERIALIZED VIEW: makes a view's rows those of its query, in one commit; from the rows of new files alone
 * where its only table was appended to since, and its query lets them be added or merged.
 *
 * @throws INVALID_INPUT where the target is no materialized view; SCHEMA_MISMATCH where its query has other columns now;
 *   UNSUPPORTED where it reads a place in history or gives a collation, by a view that is another now
 */
export async function refreshView(
  ctx: StatementContext,
  run: StatementRun<RefreshStatement>,
): Promise<StatementOutcome> {
  const { statement, branch, hash } = run;
  const target = await openTarget(ctx, run);
  const { key, metadata } = target;
  const definition = metadata.properties[VIEW_SQL];
  if (definition === undefined)
    throw placedAtTarget(
      new AppError('INVALID_INPUT', `${tableId(key)} is a table and no materialized view.`, {
        context: { table: tableId(key) },
      }),
      statement.sql,
      statement.target.span.start,
    );
  const startedAt = Date.now();
  if (!statement.full && (await staleness(ctx, { name: branch, hash }, metadata)) === null)
    return { key, commit: null, note: 'It is fresh: its tables are as they were.' };

  const composed = new ComposedSql(statement.sql).add(definition);
  const part = await planInStatement(ctx, run, composed, undefined, { wholeScans: true }).catch(
    (error: unknown) => {
      if (!isAppError(error, 'SQL_SYNTAX')) throw error;
      throw placedAtTarget(brokenStored(tableId(key), error), statement.sql, statement.target.span.start);
    },
  );
  assertFollows(part.planned);
  await assertPlainText(ctx, definition, part.planned);
  assertColumns(target, part);
  const states = await sourceStates(ctx, run, part.planned);
  const refresh = await refreshOf(ctx, run, target, part, states);
  const { added, removed } = await writeRefresh(ctx, run, target, part, refresh);
  const contentFiles = added.map(({ filePath }) => filePath);
  const staged = await overwriteFiles({
    io: ctx.io,
    base: target,
    cache: ctx.manifests,
    dataFiles: added,
    deletedFiles: removed,
    isolation: 'serializable',
    conflictFilter: { op: 'true' },
    summary: refreshSummary(definition, states, startedAt),
  }).catch(async (error: unknown) => {
    await discardFiles(ctx, contentFiles);
    throw error;
  });
  const commit = await land(ctx, {
    run,
    key,
    standing: target.content,
    staged,
    contentFiles,
    message: `Refresh ${tableId(key)}`,
  });
  const deleted = removed.length === 0 ? 0n : BigInt(staged.snapshot.summary['deleted-records'] ?? '0');
  return {
    key,
    rows: { inserted: rowsOf(added), deleted },
    commit,
    snapshotId: staged.snapshot.snapshotId,
    note: refresh.note,
  };
}

async function refreshOf(
  ctx: StatementContext,
  run: StatementRun<RefreshStatement>,
  { metadata }: Target,
  { planned }: PlannedPart,
  [now]: readonly SourceState[],
): Promise<Refresh> {
  const whole = (why: string): Refresh => ({
    plan: null,
    sources: planned.sources,
    note: `Refreshed in full, because ${why}.`,
  });
  if (run.statement.full) return whole('FULL asks for that');
  const { simple } = planned;
  if (simple === null) return whole('its query reads a view');
  const [source, ...others] = planned.sources;
  if (source === undefined || others.length > 0) return whole('its query reads more than one table');
  const plan = mergePlan(simple.analyzed, simple.shape, planned.plan.columns, columnNames(source));
  if (plan.kind === 'none') return whole(plan.why);
  const [before, ...more] = refreshStateOf(metadata)?.sources ?? [];
  if (before === undefined || now === undefined || more.length > 0)
    return whole('its rows are not of a refresh');
  if (before.uuid !== now.uuid || before['schema-id'] !== now['schema-id'])
    return whole(`${now.name} is another table, or has other columns`);
  const added = await addedFiles(ctx, source, before['snapshot-id']);
  if (typeof added === 'string') return whole(`${now.name} ${added}`);
  const rows = added.scan.files.reduce((sum, file) => sum + file.rows, 0);
  const files = added.files.length === 1 ? 'one new file' : `${added.files.length} new files`;
  const how = plan.kind === 'append' ? 'added to' : 'merged into';
  return {
    plan,
    sources: [added],
    note: sameSource(before, now)
      ? 'Refreshed incrementally: nothing of its table is new.'
      : `Refreshed incrementally: ${files} of ${now.name} (${counted(rows)}) ${how} what it had.`,
  };
}

/** Of the table that a scan is of, with those beside its own that the query names. */
function columnNames({ table }: ScanSource): readonly string[] {
  if (table === null) return [];
  return [...currentSchema(table.metadata).fields, ...(table.rowColumns ?? [])].map(({ name }) => name);
}

async function writeRefresh(
  ctx: StatementContext,
  run: StatementRun,
  target: Target,
  part: PlannedPart,
  { plan, sources }: Refresh,
): Promise<{ readonly added: readonly DataFile[]; readonly removed: readonly DataFile[] }> {
  const { metadata, key } = target;
  const schema = currentSchema(metadata);
  const names = schema.fields.map(({ name }) => name);
  const { multiplies } = part.planned;
  const { sql } = part.planned.plan;
  const kept = plan?.kind === 'merge' ? await keptRows(ctx, run, tableId(key), names) : null;
  const rows = plan?.kind === 'merge' && kept !== null ? mergeSql(plan.columns, kept.sql, sql) : sql;
  const scans = await openScans(ctx, run, [...sources, ...(kept?.sources ?? [])]);
  const { signal } = run;
  const added = await ctx.engine.session(
    { sql, scans, multiplies, source: part.source, ...(signal === undefined ? {} : { signal }) },
    async (session) =>
      writeRows({
        session,
        io: ctx.io,
        metadata,
        query: insertQuery(schema, { sql: rows, names }),
        directory: ctx.stagingDirectory,
      }),
  );
  if (plan?.kind === 'append') return { added, removed: [] };
  const { files } = await planFiles({ io: ctx.io, metadata, cache: ctx.manifests });
  return { added, removed: files.flatMap((planned) => [planned.file, ...ownDeletes(planned)]) };
}

/** The rows that a view has, as a query over its own files. */
async function keptRows(
  ctx: StatementContext,
  run: StatementRun,
  table: string,
  columns: readonly string[],
): Promise<{ readonly sql: string; readonly sources: readonly ScanSource[] }> {
  const sql = `SELECT ${columns.map(quoteIdentifier).join(', ')} FROM stored`;
  const { metadata } = await openTarget(ctx, run);
  const { planned } = await planInStatement(
    ctx,
    run,
    new ComposedSql(run.statement.sql).add(sql),
    undefined,
    {
      wholeScans: true,
      resolveTable: async () => Promise.resolve({ name: table, metadata }),
    },
  );
  return { sql: planned.plan.sql, sources: planned.sources };
}

function assertColumns({ key, metadata }: Target, { planned }: PlannedPart): void {
  const columns = incomingColumns(planned.plan.columns);
  const text = ({ fields }: Pick<Schema, 'fields'>) =>
    JSON.stringify(fields.map(({ name, type }) => [name, duckDbTypeOf(type)]));
  if (text(schemaFromColumns(columns)) === text(currentSchema(metadata))) return;
  throw new AppError(
    'SCHEMA_MISMATCH',
    `The query of ${tableId(key)} has other columns than when it was created, as its tables have changed. Write CREATE OR REPLACE MATERIALIZED VIEW to take them over.`,
    { context: { table: tableId(key) } },
  );
}
