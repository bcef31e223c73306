import type { Expression } from '#shared/iceberg/expression.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { RowChanges, RowCounts, TouchedFile } from '#server/engine/dml/row-changes.ts';
import { ownDeletes, writeDeletes, type PartlyDeleted } from '#server/engine/dml/write-deletes.ts';
import { writeRows } from '#server/engine/dml/write-rows.ts';
import type { EngineSession } from '#server/engine/execute/engine-session.ts';
import { PositionSet } from '#server/iceberg/deletes/position-set.ts';
import type { DataFile } from '#server/iceberg/manifest/data-file.ts';
import type { PlannedFile } from '#server/iceberg/scan/plan-files.ts';
import type { ConflictRules } from '#server/iceberg/transaction/conflict-rules.ts';
import { overwriteFiles } from '#server/iceberg/transaction/overwrite-files.ts';
import { rowDelta } from '#server/iceberg/transaction/row-delta.ts';
import type { RebasableCommit } from '#server/iceberg/transaction/staged-commit.ts';
import { present } from '#shared/util/present.ts';
import { discardFiles } from '../tables/index.ts';
import type { StatementContext, Target } from './statement-context.ts';

export interface StageChangeInput {
  readonly session: EngineSession;
  readonly changes: RowChanges;
  readonly counts: RowCounts;
  /** Data files that go without being read; not among the changes. */
  readonly whole: readonly PlannedFile[];
  readonly target: Target;
  readonly command: 'delete' | 'update' | 'merge';
  /** Rows that fail it cannot have mattered; undefined: no row of the table could. */
  readonly filter: Expression | undefined;
  /** Rows of the table that were read beside those that change; see targetReads. */
  readonly readFilter: Expression | undefined;
}

export interface StagedChange {
  readonly staged: RebasableCommit;
  readonly contentFiles: readonly string[];
}

/** Writes the files that a change of rows needs, and the table version that has them. */
export async function stageChange(ctx: StatementContext, input: StageChangeInput): Promise<StagedChange> {
  const { formatVersion, properties } = input.target.metadata;
  const mode = choice(properties, `write.${input.command}.mode`, ['copy-on-write', 'merge-on-read']);
  const isolation = choice(properties, `write.${input.command}.isolation-level`, [
    'serializable',
    'snapshot',
  ]);
  const { filter = { op: 'true' } as const, readFilter } = input;
  const rules = { isolation, conflictFilter: filter, ...present({ readFilter }) };
  return mode === 'merge-on-read' && formatVersion > 1
    ? mergeOnRead(ctx, input, rules)
    : copyOnWrite(ctx, input, rules);
}

/** Files with changed rows are replaced by files with the rows as they are then. */
async function copyOnWrite(
  ctx: StatementContext,
  { session, changes, counts, whole, target }: StageChangeInput,
  rules: ConflictRules,
): Promise<StagedChange> {
  const { metadata } = target;
  const touched = await changes.touched();
  const rewritten = touched.filter(({ whole }) => !whole);
  const kept = rewritten.length === 0 ? [] : [await changes.keptRows(metadata, rewritten)];
  const queries = [...kept, ...newRows(changes, counts)];
  const dataFiles = await writeAll(ctx, target, session, queries);
  const contentFiles = dataFiles.map(({ filePath }) => filePath);
  return orDiscard(ctx, contentFiles, async () =>
    overwriteFiles({
      ...rules,
      io: ctx.io,
      base: target,
      cache: ctx.manifests,
      dataFiles,
      deletedFiles: withDeletes([...whole, ...touched.map(({ planned }) => planned)]),
    }),
  );
}

/** Rows are deleted where they are, and come back in new files where they have changed. */
async function mergeOnRead(
  ctx: StatementContext,
  { session, changes, counts, whole, target, command }: StageChangeInput,
  rules: ConflictRules,
): Promise<StagedChange> {
  const touched = await changes.touched();
  const partly: PartlyDeleted[] = [];
  for (const file of touched.filter(({ whole }) => !whole)) partly.push(await partlyDeleted(changes, file));
  const dataFiles = await writeAll(ctx, target, session, newRows(changes, counts));
  const written = dataFiles.map(({ filePath }) => filePath);
  const { deleteFiles, followed } = await orDiscardAll(ctx, written, async () =>
    writeDeletes({ ...place(ctx, target, session), files: partly }),
  );
  const contentFiles = [...new Set([...written, ...deleteFiles.map(({ filePath }) => filePath)])];
  const gone = [...whole, ...touched.filter((file) => file.whole).map(({ planned }) => planned)];
  return orDiscard(ctx, contentFiles, async () =>
    rowDelta({
      ...rules,
      command,
      io: ctx.io,
      base: target,
      cache: ctx.manifests,
      dataFiles,
      deleteFiles,
      removedFiles: [...followed, ...withDeletes(gone)],
    }),
  );
}

async function partlyDeleted(changes: RowChanges, file: TouchedFile): Promise<PartlyDeleted> {
  return {
    planned: file.planned,
    before: file.executable.deleted ?? PositionSet.EMPTY,
    positions: await changes.positions(file),
  };
}

/** Data files that go, with the delete files that are of them alone. */
function withDeletes(files: readonly PlannedFile[]): readonly DataFile[] {
  return files.flatMap((planned) => [planned.file, ...ownDeletes(planned)]);
}

function newRows(changes: RowChanges, { inserted, updated }: RowCounts): readonly string[] {
  return inserted + updated === 0 ? [] : [changes.changedRows()];
}

async function writeAll(
  ctx: StatementContext,
  target: Target,
  session: EngineSession,
  queries: readonly string[],
): Promise<readonly DataFile[]> {
  if (queries.length === 0) return [];
  return writeRows({ ...place(ctx, target, session), query: queries.join('\nUNION ALL\n') });
}

function place(
  { io, stagingDirectory: directory }: StatementContext,
  { metadata }: Target,
  session: EngineSession,
) {
  return { session, io, metadata, directory, lineage: metadata.formatVersion >= 3 };
}

async function orDiscard(
  ctx: StatementContext,
  contentFiles: readonly string[],
  stage: () => Promise<RebasableCommit>,
): Promise<StagedChange> {
  return { staged: await orDiscardAll(ctx, contentFiles, stage), contentFiles };
}

async function orDiscardAll<T>(
  ctx: StatementContext,
  files: readonly string[],
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    await discardFiles(ctx, files);
    throw error;
  }
}

function choice<T extends string>(
  properties: Readonly<Record<string, string>>,
  name: string,
  values: readonly [T, ...T[]],
): T {
  const text = properties[name];
  const found = values.find((value) => value === text?.toLowerCase());
  if (text === undefined || found !== undefined) return found ?? values[0];
  throw new AppError(
    'INVALID_INPUT',
    `The table property '${name}' is '${text}'; set it to ${values.join(' or ')}.`,
    {
      context: { property: name, value: text },
    },
  );
}
