import { AppError } from '#shared/errors/app-error.ts';
import { lineColumn } from '#shared/sql/positions.ts';
import {
  composeDelete,
  composeMerge,
  composeSource,
  composeUpdate,
  type ChangesQuery,
} from '#server/engine/dml/compose-changes.ts';
import { FILE, LINEAGE, POSITION } from '#server/engine/dml/row-columns.ts';
import { RowChanges, type RowCounts } from '#server/engine/dml/row-changes.ts';
import type { DeleteStatement, MergeStatement, UpdateStatement } from '#server/engine/dml/statement.ts';
import { currentSchema } from '#server/iceberg/metadata/lookup.ts';
import { tableId } from '../tables/index.ts';
import { land } from './land.ts';
import { openScans, planInStatement, targetSource, type PlannedPart } from './plan-in-statement.ts';
import { stageChange, type StagedChange } from './stage-change.ts';
import {
  openTarget,
  type StatementContext,
  type StatementOutcome,
  type StatementRun,
  type Target,
} from './statement-context.ts';
import { counted, rowsOf } from './insert-rows.ts';
import { targetReads } from './target-reads.ts';
import { setWholeFilesAside } from './whole-files.ts';

export type ChangeStatement = DeleteStatement | UpdateStatement | MergeStatement;

/** DELETE, UPDATE and MERGE INTO: copy-on-write or merge-on-read, as the table's properties say. */
export async function changeRows(
  ctx: StatementContext,
  run: StatementRun<ChangeStatement>,
): Promise<StatementOutcome> {
  const target = await openTarget(ctx, run);
  const { metadata, key } = target;
  const lineage = metadata.formatVersion >= 3;
  const query = await composeChange(ctx, run, target, lineage);
  const part = await planInStatement(ctx, run, query.composed, {
    name: tableId(key),
    metadata,
    commit: run.hash,
    rowColumns: lineage ? [FILE, POSITION, ...LINEAGE] : [FILE, POSITION],
  });
  const change = await workOut(ctx, run, target, query, part);
  if (change === null) return { key, commit: null, snapshotId: metadata.currentSnapshotId };
  const { staged, contentFiles, counts } = change;
  const commit = await land(ctx, {
    run,
    key,
    standing: target.content,
    staged,
    contentFiles,
    message: describe(run.statement, counts, tableId(key)),
  });
  return { key, rows: counts, commit, snapshotId: staged.snapshot.snapshotId };
}

async function composeChange(
  ctx: StatementContext,
  run: StatementRun<ChangeStatement>,
  { metadata }: Target,
  lineage: boolean,
): Promise<ChangesQuery> {
  const { statement } = run;
  const schema = currentSchema(metadata);
  if (statement.kind === 'delete') return composeDelete(statement);
  if (statement.kind === 'update') return composeUpdate(statement, schema, lineage);
  const takesAll = statement.clauses.some(
    ({ action }) => action.kind === 'update-all' || action.kind === 'insert-all',
  );
  const columns = takesAll
    ? (await planInStatement(ctx, run, composeSource(statement))).planned.plan.columns
    : [];
  return composeMerge(
    statement,
    schema,
    lineage,
    columns.map(({ name }) => name),
  );
}

interface WorkedOut extends StagedChange {
  readonly counts: RowCounts;
}

async function workOut(
  ctx: StatementContext,
  run: StatementRun<ChangeStatement>,
  target: Target,
  query: ChangesQuery,
  { planned, source }: PlannedPart,
): Promise<WorkedOut | null> {
  const { statement, signal } = run;
  const { metadata } = target;
  const found = targetSource(planned.sources);
  const { whole, ofTarget } = setWholeFilesAside(statement, planned.exactFilter, found, metadata);
  const sources = planned.sources.map((each) => (each === found && ofTarget !== undefined ? ofTarget : each));
  const scans = await openScans(ctx, run, sources, metadata);
  const scan = scans.find(({ view }) => view === ofTarget?.scan.view);
  const files = (ofTarget?.planned ?? []).flatMap((planned, index) => {
    const executable = scan?.files[index];
    return executable === undefined ? [] : [{ planned, executable }];
  });
  const { multiplies } = planned;
  const input = {
    scans,
    sql: planned.plan.sql,
    source,
    multiplies,
    ...(signal === undefined ? {} : { signal }),
  };
  return ctx.engine.session(input, async (session): Promise<WorkedOut | null> => {
    const changes = new RowChanges(session, currentSchema(metadata), metadata.formatVersion >= 3, files);
    await changes.collect(planned.plan.sql, query);
    const ambiguous = statement.kind === 'delete' ? 0 : await changes.ambiguous();
    if (ambiguous > 0) throw ambiguousRows(statement, ambiguous, tableId(target.key));
    const read = await changes.counts();
    const counts = { ...read, deleted: read.deleted + Number(rowsOf(whole.map(({ file }) => file))) };
    if (counts.inserted + counts.updated + counts.deleted === 0) return null;
    const staged = await stageChange(ctx, {
      session,
      changes,
      counts: read,
      whole,
      target,
      command: statement.kind,
      filter: ofTarget?.filter,
      readFilter: targetReads(metadata, planned.sources, found),
    });
    return { ...staged, counts };
  });
}

function ambiguousRows(statement: ChangeStatement, rows: number, table: string): AppError {
  const { sql } = statement;
  const source =
    statement.kind === 'merge' ? statement.source : statement.kind === 'update' ? statement.from : null;
  const position = (source ?? statement.target.span).start;
  return new AppError(
    'SQL_RUNTIME',
    `${counted(rows)} of ${table} ${rows === 1 ? 'matches' : 'match'} more than one row of the source, so it is not said what becomes of ${rows === 1 ? 'it' : 'them'}. Make the source one row for each, for example with GROUP BY or QUALIFY.`,
    { context: { table, rows, position, ...lineColumn(sql, position) } },
  );
}

function describe(
  { kind }: ChangeStatement,
  { inserted, updated, deleted }: RowCounts,
  table: string,
): string {
  if (kind === 'delete') return `Delete ${counted(deleted)} from ${table}`;
  if (kind === 'update') return `Update ${counted(updated)} of ${table}`;
  const parts = [
    ...(updated > 0 ? [`${updated.toLocaleString('en-US')} updated`] : []),
    ...(inserted > 0 ? [`${inserted.toLocaleString('en-US')} inserted`] : []),
    ...(deleted > 0 ? [`${deleted.toLocaleString('en-US')} deleted`] : []),
  ];
  return `Merge into ${table}: ${parts.join(', ')}`;
}
