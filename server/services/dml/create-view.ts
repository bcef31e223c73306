import { randomUUID } from 'node:crypto';
import { AppError } from '#shared/errors/app-error.ts';
import { schemaFromColumns } from '#shared/iceberg/duckdb-types.ts';
import type { Schema } from '#shared/iceberg/schema.ts';
import { quoteIdentifier } from '#shared/sql/quoting.ts';
import type { Content, ContentKey } from '#server/catalog/model.ts';
import { ComposedSql } from '#server/engine/dml/composed-sql.ts';
import { incomingColumns } from '#server/engine/dml/incoming-columns.ts';
import type { CreateViewStatement } from '#server/engine/dml/statement.ts';
import { applyViewUpdates } from '#server/iceberg/view/apply-view-updates.ts';
import type { ViewMetadata, ViewUpdate } from '#server/iceberg/view/view-metadata.ts';
import { discardFiles, ensureNamespace, newTableLocation, tableId } from '../tables/index.ts';
import {
  DIALECT,
  ICEBERG_VIEW,
  metadataLocationIn,
  readViewMetadata,
  viewContent,
  writeViewMetadata,
} from '../views/index.ts';
import { planInStatement } from './plan-in-statement.ts';
import {
  commitProperties,
  kindOf,
  refusedAtTarget,
  type StatementContext,
  type StatementOutcome,
  type StatementRun,
} from './statement-context.ts';
import { assertQueryReadsOthers } from './view-circle.ts';
import { assertOwnColumns } from './view-definition.ts';

type Run = StatementRun<CreateViewStatement>;

/**
 * CREATE VIEW: an Iceberg view in DuckDB's SQL, whose columns are those that its query gives now.
 *
 * @throws TABLE_ALREADY_EXISTS; INVALID_INPUT for names that don't fit, and for a view that would read itself; what the query can't be planned for
 */
export async function createView(ctx: StatementContext, run: Run): Promise<StatementOutcome> {
  const { statement, branch, hash } = run;
  const key = statement.target.parts;
  const name = tableId(key);
  if (key.length < 2)
    throw refused(run, 'INVALID_INPUT', `'${name}' has no namespace; write namespace.view.`);
  const standing = await ctx.catalog.getContent(hash, key);
  if (standing !== null) {
    const mayReplace = statement.orReplace && standing.type === ICEBERG_VIEW;
    if (!mayReplace && standing.type === ICEBERG_VIEW && statement.ifNotExists)
      return { key, commit: null, note: `There is a view ${name} already; it stays as it is.` };
    if (!mayReplace)
      throw refused(
        run,
        'TABLE_ALREADY_EXISTS',
        standing.type === ICEBERG_VIEW
          ? `There is a view ${name} on "${branch}" already. Write CREATE OR REPLACE VIEW to put another in its place, or IF NOT EXISTS to keep it.`
          : `There is a ${kindOf(standing)} ${name} on "${branch}" already; a view needs a name of its own.`,
      );
  }
  await assertQueryReadsOthers(ctx, run, statement.query);
  const { sql, schema } = await definitionOf(ctx, run);
  const base = standing === null ? null : await readStanding(ctx, standing);
  const updates = updatesOf(ctx, run, { sql, schema, isNew: base === null });
  const metadata = applyViewUpdates(base?.metadata ?? null, updates);
  const location = await writeViewMetadata(ctx, metadata, base?.location ?? null);
  const commit = await ctx.catalog
    .commit({
      branch,
      author: ctx.author,
      message: run.message ?? `${base === null ? 'Create' : 'Replace'} view ${name}`,
      properties: commitProperties(statement),
      operations: [
        ensureNamespace(key.slice(0, -1)),
        { kind: 'put', key, content: viewContent(metadata, location) },
      ],
      requirements: [{ key, content: standing }],
    })
    .catch(async (error: unknown) => {
      if (!(error instanceof AppError) || error.code !== 'COMMIT_STATE_UNKNOWN')
        await discardFiles(ctx, [location]);
      throw error;
    });
  return { key, commit, note: `The view ${name} gives ${columnsText(schema)}.` };
}

async function readStanding(
  ctx: StatementContext,
  standing: Content,
): Promise<{ readonly location: string; readonly metadata: ViewMetadata }> {
  const location = metadataLocationIn(standing);
  return { location, metadata: await readViewMetadata(ctx, location) };
}

interface Definition {
  readonly sql: string;
  readonly schema: Schema;
}

/** The query under the view's own column names: by name, so that columns its tables get later move none of them. */
async function definitionOf(ctx: StatementContext, run: Run): Promise<Definition> {
  const { statement } = run;
  const composed = new ComposedSql(statement.sql).add(statement.query);
  const { planned } = await planInStatement(ctx, run, composed, undefined, { fixedColumns: true });
  assertOwnColumns(planned);
  const given = incomingColumns(planned.plan.columns);
  const query = statement.sql.slice(statement.query.start, statement.query.end).trim();
  const { columns: names } = statement;
  if (names !== null && names.length !== given.length)
    throw refused(
      run,
      'INVALID_INPUT',
      `The view names ${names.length} columns, and its query gives ${given.length}: ${given.map(({ name }) => name).join(', ')}.`,
    );
  const twice = [given, names ?? []].flatMap((each) => twiceIn(each.map(({ name }) => name)) ?? []);
  if (twice.length > 0)
    throw refused(
      run,
      'INVALID_INPUT',
      `The view has the column ${twice[0] ?? ''} twice; name one of them with AS in its query.`,
    );
  if (names === null) return { sql: query, schema: schemaFromColumns(given) };
  const items = names.map(
    ({ name }, index) => `${quoteIdentifier(given[index]?.name ?? '')} AS ${quoteIdentifier(name)}`,
  );
  return {
    sql: `SELECT ${items.join(', ')} FROM (\n${query}\n) AS "query"`,
    schema: schemaFromColumns(
      names.map(({ name, doc }, index) => ({
        name,
        sqlType: given[index]?.sqlType ?? 'NULL',
        ...(doc === undefined ? {} : { doc }),
      })),
    ),
  };
}

function twiceIn(names: readonly string[]): string | undefined {
  const folded = names.map((name) => name.toLowerCase());
  return names.find((_, index) => folded.indexOf(folded[index] ?? '') !== index);
}

function updatesOf(
  ctx: StatementContext,
  { statement }: Run,
  { sql, schema, isNew }: Definition & { readonly isNew: boolean },
): readonly ViewUpdate[] {
  const key: ContentKey = statement.target.parts;
  const first: readonly ViewUpdate[] = isNew
    ? [
        { action: 'assign-uuid', uuid: randomUUID() },
        { action: 'set-location', location: newTableLocation(ctx, key) },
      ]
    : [];
  return [
    ...first,
    { action: 'set-properties', updates: statement.properties },
    { action: 'add-schema', schema },
    {
      action: 'add-view-version',
      viewVersion: {
        versionId: 1,
        schemaId: -1,
        timestampMs: Date.now(),
        summary: { 'engine-name': 'timestream' },
        representations: [{ type: 'sql', sql, dialect: DIALECT }],
        defaultNamespace: key.slice(0, -1),
      },
    },
    { action: 'set-current-view-version', viewVersionId: -1 },
  ];
}

function columnsText({ fields }: Schema): string {
  const names = fields.map(({ name }) => name);
  return names.length > 6
    ? `${names.slice(0, 5).join(', ')} and ${names.length - 5} more columns`
    : names.join(', ');
}

function refused(
  { statement }: Run,
  code: 'INVALID_INPUT' | 'TABLE_ALREADY_EXISTS',
  message: string,
): AppError {
  return refusedAtTarget(statement, code, message, { view: tableId(statement.target.parts) });
}
