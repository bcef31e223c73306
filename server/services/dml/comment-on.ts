import { AppError } from '#shared/errors/app-error.ts';
import type { TableAlteration } from '#shared/contract/table-changes.ts';
import type { Content, ContentKey } from '#server/catalog/model.ts';
import type { CommentStatement } from '#server/engine/dml/statement.ts';
import { applyViewUpdates } from '#server/iceberg/view/apply-view-updates.ts';
import {
  alterTable,
  findContentAtRef,
  ICEBERG_TABLE,
  namespaceContent,
  propertiesOfNamespace,
  tableId,
} from '../tables/index.ts';
import { metadataLocationIn, readViewMetadata, viewContent, writeViewMetadata } from '../views/index.ts';
import { findNamespace } from './find-namespace.ts';
import {
  assertKind,
  commitProperties,
  landedCommit,
  placedAtTarget,
  type StatementContext,
  type StatementOutcome,
  type StatementRun,
} from './statement-context.ts';

type Run = StatementRun<CommentStatement>;

const PROPERTY = 'comment';

/** COMMENT ON: what engines show beside a name. Of tables and views it is the property `comment`. */
export async function commentOn(ctx: StatementContext, run: Run): Promise<StatementOutcome> {
  const { sql, target, on } = run.statement;
  try {
    switch (on) {
      case 'table':
        return await onTable(ctx, run, target.parts, []);
      case 'column':
        return await onColumn(ctx, run);
      case 'view':
        return await onView(ctx, run);
      case 'namespace':
        return await onNamespace(ctx, run);
    }
  } catch (error) {
    throw placedAtTarget(error, sql, target.span.start);
  }
}

async function onTable(
  ctx: StatementContext,
  run: Run,
  name: ContentKey,
  column: readonly string[],
): Promise<StatementOutcome> {
  const { statement, branch, hash, message } = run;
  const found = await findContentAtRef(ctx, { name: branch, hash }, name);
  assertKind(found, 'table', statement, 'COMMENT ON');
  const id = tableId(found.key);
  const changes: TableAlteration[] = [change(column, statement.text)];
  const { commit } = await alterTable(
    ctx,
    id,
    { changes, branch, message: message ?? `Comment on ${[id, ...column].join('.')}` },
    commitProperties(statement),
  );
  return { key: found.key, commit: landedCommit(commit) };
}

function change(column: readonly string[], text: string | null): TableAlteration {
  if (column.length > 0) return { action: 'set-doc', column: [...column], doc: text };
  if (text === null) return { action: 'remove-properties', names: [PROPERTY] };
  return { action: 'set-properties', properties: { [PROPERTY]: text } };
}

/** The longest beginning of the name that is a table's is the table; what is left is the column, or a member of one. */
async function onColumn(ctx: StatementContext, run: Run): Promise<StatementOutcome> {
  const { parts } = run.statement.target;
  if (parts.length < 3)
    throw new AppError(
      'INVALID_INPUT',
      `${tableId(parts)} does not name a column of a table; write namespace.table.column.`,
    );
  for (let levels = parts.length - 1; levels > 1; levels -= 1) {
    const content = await ctx.catalog.getContent(run.hash, parts.slice(0, levels));
    if (content?.type === ICEBERG_TABLE)
      return onTable(ctx, run, parts.slice(0, levels), parts.slice(levels));
  }
  return onTable(ctx, run, parts.slice(0, -1), parts.slice(-1));
}

async function onView(ctx: StatementContext, run: Run): Promise<StatementOutcome> {
  const { statement, branch, hash } = run;
  const found = await findContentAtRef(ctx, { name: branch, hash }, statement.target.parts);
  assertKind(found, 'view', statement, 'COMMENT ON');
  const before = metadataLocationIn(found.content);
  const base = await readViewMetadata(ctx, before);
  const { text } = statement;
  if ((base.properties[PROPERTY] ?? null) === text) return { key: found.key, commit: null };
  const metadata = applyViewUpdates(base, [
    text === null
      ? { action: 'remove-properties', removals: [PROPERTY] }
      : { action: 'set-properties', updates: { [PROPERTY]: text } },
  ]);
  const location = await writeViewMetadata(ctx, metadata, before);
  return commitOne(ctx, run, found.key, found.content, viewContent(metadata, location));
}

async function onNamespace(ctx: StatementContext, run: Run): Promise<StatementOutcome> {
  const { text, target } = run.statement;
  const { key, content } = await findNamespace(ctx, run.hash, target.parts);
  const properties = content === null ? {} : propertiesOfNamespace(content);
  if ((properties[PROPERTY] ?? null) === text) return { key, commit: null };
  const { [PROPERTY]: _, ...others } = properties;
  const next = text === null ? others : { ...others, [PROPERTY]: text };
  return commitOne(ctx, run, key, content, namespaceContent(next, content?.id));
}

async function commitOne(
  ctx: StatementContext,
  { statement, branch, message }: Run,
  key: ContentKey,
  before: Content | null,
  content: Content,
): Promise<StatementOutcome> {
  const commit = await ctx.catalog.commit({
    branch,
    author: ctx.author,
    message: message ?? `Comment on ${tableId(key)}`,
    properties: commitProperties(statement),
    operations: [{ kind: 'put', key, content }],
    requirements: [{ key, content: before }],
  });
  return { key, commit };
}
