import type { StatementResult } from '#shared/contract/statements.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import type { TableChangeResult } from '#shared/contract/table-changes.ts';
import { AppError, isAppError, type ErrorContext } from '#shared/errors/app-error.ts';
import type { ErrorCode } from '#shared/errors/codes.ts';
import { parseRefExpression } from '#shared/refs/ref-expression.ts';
import { withPlace } from '#shared/sql/error-place.ts';
import type { Commit, Content, ContentKey, Hash } from '#server/catalog/model.ts';
import type { WriteStatement } from '#server/engine/dml/statement.ts';
import type { ServiceContext } from '../context.ts';
import type { QueryContext } from '../query/index.ts';
import { resolveRef } from '../refs/index.ts';
import type { MaintenanceContext } from '../maintenance/index.ts';
import {
  ICEBERG_TABLE,
  loadContent,
  loadTableAtRef,
  NAMESPACE,
  tableId,
  VIEW_SQL,
  type FoundContent,
} from '../tables/index.ts';
import { ICEBERG_VIEW } from '../views/index.ts';

export type StatementContext = QueryContext & MaintenanceContext;

/** One run of a statement, on the branch as it was when the run began. */
export interface StatementRun<S extends WriteStatement = WriteStatement> {
  readonly statement: S;
  readonly branch: string;
  readonly hash: Hash;
  readonly message: string | undefined;
  /** INSERT may widen the table's schema, in the same commit. */
  readonly mergeSchema: boolean;
  readonly signal: AbortSignal | undefined;
}

/** The table that a statement writes to, as it stands. */
export interface Target {
  readonly key: ContentKey;
  readonly content: Content;
  readonly metadata: TableMetadata;
  readonly metadataLocation: string;
}

export interface StatementOutcome {
  readonly key: ContentKey;
  readonly rows?: Partial<Record<keyof StatementResult['rows'], number | bigint>>;
  /** Null where there was nothing to change. */
  readonly commit: Pick<Commit, 'hash' | 'author' | 'message' | 'time'> | null;
  readonly snapshotId?: bigint | undefined;
  /** What was done, where rows do not tell. */
  readonly note?: string;
}

const NO_WRITE = 'Only the head of a branch can be written; create a branch there and write to that.';

/** @throws FORBIDDEN for a tag, a commit or a time; REF_NOT_FOUND */
export async function writableBranch(
  ctx: ServiceContext,
  expression: string | undefined,
): Promise<{ readonly branch: string; readonly hash: Hash }> {
  const text = expression ?? ctx.catalog.defaultBranch;
  if (parseRefExpression(text).kind !== 'ref')
    throw new AppError('FORBIDDEN', `"${text}" is a place in history, which is read-only. ${NO_WRITE}`, {
      context: { ref: text },
    });
  const { name, hash } = await resolveRef(ctx, text);
  if ((await ctx.catalog.getRef(name)).type === 'TAG')
    throw new AppError('FORBIDDEN', `"${name}" is a tag, and tags are read-only. ${NO_WRITE}`, {
      context: { ref: name },
    });
  return { branch: name, hash };
}

/** @throws TABLE_NOT_FOUND with its place in the statement */
export async function openTarget(ctx: ServiceContext, run: StatementRun): Promise<Target> {
  const { target, sql } = run.statement;
  try {
    return await loadTableAtRef(ctx, { name: run.branch, hash: run.hash }, target.parts);
  } catch (error) {
    throw placedAtTarget(error, sql, target.span.start);
  }
}

const KINDS: Readonly<Record<string, string>> = {
  [ICEBERG_TABLE]: 'table',
  [ICEBERG_VIEW]: 'view',
  [NAMESPACE]: 'schema',
};

/** What a content is called in SQL. */
export function kindOf({ type }: Content): string {
  return KINDS[type] ?? type;
}

/** As kindOf, and knows materialized views, which are tables. What can't be read has a kind all the same. */
export async function kindIn(
  ctx: StatementContext,
  { key, content }: Pick<FoundContent, 'key' | 'content'>,
): Promise<string> {
  const kind = kindOf(content);
  if (kind !== 'table') return kind;
  const loaded = await loadContent(ctx, key, content).catch(() => null);
  return loaded?.metadata.properties[VIEW_SQL] === undefined ? kind : 'materialized view';
}

/** @throws INVALID_INPUT where something else than a statement is for stands at the name */
export function assertKind(
  { key, content }: FoundContent,
  wanted: 'table' | 'view',
  statement: WriteStatement,
  verb: string,
): void {
  const kind = kindOf(content);
  if (kind === wanted) return;
  const name = tableId(key);
  throw refusedAtTarget(
    statement,
    'INVALID_INPUT',
    `${name} is a ${kind}; write ${verb} ${kind.toUpperCase()} ${name}.`,
    { table: name },
  );
}

export function placedAtTarget(error: unknown, sql: string, position: number): unknown {
  if (!(error instanceof AppError) || 'position' in error.context) return error;
  return withPlace(error, sql, position);
}

/** What a statement is refused with, at the name that it is about. @param context beside the place */
export function refusedAtTarget(
  { sql, target }: WriteStatement,
  code: ErrorCode,
  message: string,
  context: ErrorContext = { table: tableId(target.parts) },
): AppError {
  return withPlace(new AppError(code, message, { context }), sql, target.span.start);
}

/** What `find` finds; null where it is not there, and IF EXISTS says that this is fine. @throws at the statement's name */
export async function findOrAbsent<T>(
  statement: WriteStatement & { readonly ifExists: boolean },
  absence: ErrorCode,
  find: () => Promise<T>,
): Promise<T | null> {
  try {
    return await find();
  } catch (error) {
    if (statement.ifExists && isAppError(error, absence)) return null;
    throw placedAtTarget(error, statement.sql, statement.target.span.start);
  }
}

/** A commit as changes of tables answer it. */
export function landedCommit(commit: TableChangeResult['commit']): StatementOutcome['commit'] {
  return commit === undefined ? null : { ...commit, time: new Date(commit.time) };
}

const PROPERTY_CHARACTERS = 10_000;

/** What the commit of a statement says beside its message. */
export function commitProperties({ kind, sql }: WriteStatement): Record<string, string> {
  return sqlProperties(kind, sql);
}

export function sqlProperties(kind: StatementResult['kind'], sql: string): Record<string, string> {
  const text = sql.trim();
  return {
    'timestream.statement': kind,
    'timestream.sql': text.length > PROPERTY_CHARACTERS ? `${text.slice(0, PROPERTY_CHARACTERS)}…` : text,
  };
}
