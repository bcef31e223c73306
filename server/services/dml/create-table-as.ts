import type { CreateTableRequest } from '#shared/contract/table-changes.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import type { Content, ContentKey } from '#server/catalog/model.ts';
import { ComposedSql } from '#server/engine/dml/composed-sql.ts';
import { incomingColumns } from '#server/engine/dml/incoming-columns.ts';
import { insertQuery } from '#server/engine/dml/insert-query.ts';
import type { CreateTableStatement } from '#server/engine/dml/statement.ts';
import type { DataFile } from '#server/iceberg/manifest/data-file.ts';
import { applyUpdates } from '#server/iceberg/metadata/apply-updates.ts';
import { currentSchema, defaultSortOrder, defaultSpec } from '#server/iceberg/metadata/lookup.ts';
import { appendFiles } from '#server/iceberg/transaction/append-files.ts';
import { planReplacement, replaceTable } from '#server/iceberg/transaction/replace-table.ts';
import type { RebasableCommit } from '#server/iceberg/transaction/staged-commit.ts';
import {
  createTable,
  discardFiles,
  ICEBERG_TABLE,
  loadContent,
  newTableLocation,
  newTableMetadata,
  tableId,
  VIEW_SQL,
  withOwnFieldIds,
  type FoundContent,
} from '../tables/index.ts';
import { refreshSummary } from '../query/index.ts';
import { counted, rowsOf, writeQuery } from './insert-rows.ts';
import { land } from './land.ts';
import { planInStatement, type PlannedPart } from './plan-in-statement.ts';
import { targetReads } from './target-reads.ts';
import { assertQueryReadsOthers } from './view-circle.ts';
import { isView, viewDefinition } from './view-definition.ts';
import {
  commitProperties,
  kindIn,
  kindOf,
  landedCommit,
  refusedAtTarget,
  type StatementContext,
  type StatementOutcome,
  type StatementRun,
} from './statement-context.ts';

/** CREATE TABLE, CREATE TABLE … AS and CREATE OR REPLACE TABLE …, each with IF NOT EXISTS where it is asked for. */
export async function createTableBy(
  ctx: StatementContext,
  run: StatementRun<CreateTableStatement>,
): Promise<StatementOutcome> {
  const { statement, branch, hash } = run;
  const key = statement.target.parts;
  if (key.length < 2)
    throw refusedAtTarget(
      statement,
      'INVALID_INPUT',
      `'${tableId(key)}' has no namespace; write namespace.table.`,
    );
  const standing = await ctx.catalog.getContent(hash, key);
  if (standing !== null && statement.orReplace && !isView(statement))
    await assertNoViewStands(ctx, statement, { key, content: standing });
  if (standing !== null && (!statement.orReplace || standing.type !== ICEBERG_TABLE)) {
    if (statement.ifNotExists && standing.type === ICEBERG_TABLE) return { key, commit: null };
    throw refusedAtTarget(
      statement,
      'TABLE_ALREADY_EXISTS',
      `There is a ${kindOf(standing)} ${tableId(key)} on "${branch}" already. ${
        standing.type === ICEBERG_TABLE
          ? `Write CREATE OR REPLACE ${isView(statement) ? 'MATERIALIZED VIEW' : 'TABLE'} to put another in its place, or IF NOT EXISTS to keep it.`
          : 'Choose another name, or drop or rename that first.'
      }`,
    );
  }
  if (statement.query === null && standing === null) {
    const { commit } = await createTable(
      ctx,
      { ...request(statement, key), branch, ...messageOf(run) },
      commitProperties(statement),
    );
    return { key, commit: landedCommit(commit) };
  }
  return fillTable(ctx, run, key, standing);
}

/** @throws INVALID_INPUT where a materialized view would become a table that still calls itself one */
async function assertNoViewStands(
  ctx: StatementContext,
  statement: CreateTableStatement,
  standing: Pick<FoundContent, 'key' | 'content'>,
): Promise<void> {
  if ((await kindIn(ctx, standing)) !== 'materialized view') return;
  const name = tableId(standing.key);
  throw refusedAtTarget(
    statement,
    'INVALID_INPUT',
    `${name} is a materialized view and no table; write CREATE OR REPLACE MATERIALIZED VIEW, or DROP MATERIALIZED VIEW ${name} first.`,
  );
}

async function fillTable(
  ctx: StatementContext,
  run: StatementRun<CreateTableStatement>,
  key: ContentKey,
  standing: Content | null,
): Promise<StatementOutcome> {
  const { statement } = run;
  const startedAt = Date.now();
  if (statement.query !== null && isView(statement)) await assertQueryReadsOthers(ctx, run, statement.query);
  const part =
    statement.query === null
      ? null
      : await planInStatement(ctx, run, new ComposedSql(statement.sql).add(statement.query), undefined, {
          fixedColumns: isView(statement),
        });
  const columns =
    part === null
      ? undefined
      : incomingColumns(part.planned.plan.columns).map(({ name, sqlType: type }) => ({ name, type }));
  const asked = request(statement, key, columns);
  const definition = part !== null && isView(statement) ? await viewDefinition(ctx, run, part) : null;
  const fresh = newTableMetadata(
    { ...asked, properties: { ...asked.properties, ...definition?.properties } },
    newTableLocation(ctx, key),
  );
  const summary =
    definition === null ? {} : refreshSummary(definition.properties[VIEW_SQL], definition.sources, startedAt);
  const filled = standing === null ? created(fresh) : await replaced(ctx, key, standing, fresh);
  const dataFiles =
    part === null ? [] : await writeQuery(ctx, run, filled.metadata, queryOf(part, filled.metadata), part);
  const contentFiles = dataFiles.map(({ filePath }) => filePath);
  const staged = await filled.stage(ctx, dataFiles, summary).catch(async (error: unknown) => {
    await discardFiles(ctx, contentFiles);
    throw error;
  });
  const inserted = rowsOf(dataFiles);
  const commit = await land(ctx, {
    run,
    key,
    standing,
    staged,
    contentFiles,
    message: `${standing === null ? 'Create' : 'Replace'} ${tableId(key)}${part === null ? '' : ` with ${counted(inserted)}`}`,
    restsOnTarget: targetReads(filled.base, part?.planned.sources ?? []) !== undefined,
  });
  return { key, rows: { inserted }, commit, snapshotId: staged.snapshot.snapshotId };
}

interface Filled {
  /** The table that it takes the place of, or the new one. */
  readonly base: TableMetadata;
  readonly metadata: TableMetadata;
  stage(
    ctx: StatementContext,
    dataFiles: readonly DataFile[],
    summary: Readonly<Record<string, string>>,
  ): Promise<RebasableCommit>;
}

function created(metadata: TableMetadata): Filled {
  return {
    base: metadata,
    metadata,
    stage: ({ io, manifests: cache }, dataFiles, summary) =>
      appendFiles({ io, cache, base: { metadata, metadataLocation: null }, dataFiles, summary }),
  };
}

async function replaced(
  ctx: StatementContext,
  key: ContentKey,
  standing: Content,
  fresh: TableMetadata,
): Promise<Filled> {
  const base = await loadContent(ctx, key, standing);
  const planned = planReplacement(base.metadata, {
    schema: currentSchema(fresh),
    partitionSpec: defaultSpec(fresh),
    sortOrder: defaultSortOrder(fresh),
    properties: fresh.properties,
  });
  const own = await withOwnFieldIds(ctx, base.metadata, planned);
  const metadata = applyUpdates(base.metadata, own.updates, { metadataLocation: null });
  const replacement = { ...own, metadata };
  return {
    base: base.metadata,
    metadata,
    stage: ({ io, manifests: cache }, dataFiles, summary) =>
      replaceTable({ io, cache, base, replacement, dataFiles, summary }),
  };
}

/** The query's columns under the table's names and in its types, by position. */
function queryOf({ planned: { plan } }: PlannedPart, metadata: TableMetadata): string {
  const schema = currentSchema(metadata);
  return insertQuery(schema, { sql: plan.sql, names: schema.fields.map(({ name }) => name) });
}

function request(
  { columns, identifierFields, options }: CreateTableStatement,
  key: ContentKey,
  given: CreateTableRequest['columns'] | undefined = columns ?? undefined,
): CreateTableRequest {
  return { table: tableId(key), columns: given ?? [], ...options, identifierFields: [...identifierFields] };
}

function messageOf({ message }: StatementRun): { message?: string } {
  return message === undefined ? {} : { message };
}
