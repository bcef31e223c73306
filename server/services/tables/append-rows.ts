import { AppError, isAppError } from '#shared/errors/app-error.ts';
import { schemaFromColumns } from '#shared/iceberg/duckdb-types.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import type { TableChange } from '#shared/iceberg/table-update.ts';
import type { Commit, Content, ContentKey } from '#server/catalog/model.ts';
import type { ParquetWriter, SourceColumn } from '#server/engine/write-parquet.ts';
import { evolveSchema } from '#server/iceberg/evolution/evolve-schema.ts';
import { assertFits, fitColumns } from '#server/iceberg/evolution/fit-columns.ts';
import { unionByName } from '#server/iceberg/evolution/union-by-name.ts';
import type { ManifestCache } from '#server/iceberg/manifest/manifest-cache.ts';
import { applyUpdates } from '#server/iceberg/metadata/apply-updates.ts';
import { createTableMetadata } from '#server/iceberg/metadata/create.ts';
import type { LoadedTable } from '#server/iceberg/metadata/load.ts';
import { currentSchema } from '#server/iceberg/metadata/lookup.ts';
import { appendFiles } from '#server/iceberg/transaction/append-files.ts';
import { commitWithRetry } from '#server/iceberg/transaction/commit-with-retry.ts';
import type { RebasableCommit } from '#server/iceberg/transaction/staged-commit.ts';
import type { ServiceContext } from '../context.ts';
import { commitTable, discardFiles, newTableLocation } from './commit-table.ts';
import { withOwnFieldIds } from './field-ids.ts';
import { loadContent } from './load-table.ts';
import { assertWritable } from './registered-table.ts';
import { tableId } from './table-content.ts';
import { tableTurn } from './table-turn.ts';

/** What writing needs beside the ports. */
export interface WriteContext extends ServiceContext {
  readonly writer: ParquetWriter;
  /** Local folder on the warehouse's own disk where files are written before storage takes them over. */
  readonly stagingDirectory: string;
  readonly manifests?: ManifestCache;
}

export interface AppendRowsInput {
  readonly table: ContentKey;
  /** Trusted SQL: it may read files of this machine. Never what came from a request. */
  readonly query: string;
  readonly branch: string;
  readonly message: string;
  readonly properties?: Readonly<Record<string, string>>;
  /** Table properties, where the table does not exist yet and is created by this commit. */
  readonly createWith?: Readonly<Record<string, string>>;
  /** A table that is there already is not appended to. */
  readonly mustBeNew?: boolean;
  /** Widens the table's schema, in the same commit, by what the rows have and it has not. */
  readonly mergeSchema?: boolean;
}

const ATTEMPTS = 10;

/**
 * Appends the rows of a query to a table, as one commit; creates table and namespace with it where they do not
 * exist and `createWith` is given. Where another commit to the table wins the race, the same data files are
 * appended to its new state; where that commit changed the schema which this one changes too, they are written
 * again.
 *
 * @throws SCHEMA_MISMATCH with every column that does not fit (context.misfits), TABLE_NOT_FOUND, TABLE_ALREADY_EXISTS, STORAGE_FULL,
 *   FORBIDDEN (a tag, a registered table), COMMIT_CONFLICT where others win the race again and again
 */
export async function appendRows(ctx: WriteContext, input: AppendRowsInput): Promise<Commit> {
  const [columns, first] = await Promise.all([ctx.writer.describe(input.query), standingContent(ctx, input)]);
  for (let attempt = 1; ; attempt += 1) {
    const standing = attempt === 1 ? first : await standingContent(ctx, input);
    if (input.mustBeNew === true && standing !== null) throw alreadyThere(input);
    assertWritable(input.table, standing);
    const base = await loadBase(ctx, input, standing, columns);
    const widening = schemaChange(input, base.metadata, columns);
    const change = standing === null ? widening : await withOwnFieldIds(ctx, base.metadata, widening);
    try {
      return await appendTo(ctx, input, { standing, base, change, columns });
    } catch (error) {
      // What was written rests on a schema that is another's now.
      const rewritable = standing === null || change.updates.length > 0;
      const again = rewritable && isAppError(error, 'COMMIT_CONFLICT');
      if (!again || attempt === ATTEMPTS) throw error;
    }
  }
}

interface AppendBase {
  readonly standing: Content | null;
  readonly base: LoadedTable;
  readonly change: TableChange;
  /** Of the rows. */
  readonly columns: readonly SourceColumn[];
}

async function appendTo(ctx: WriteContext, input: AppendRowsInput, start: AppendBase): Promise<Commit> {
  let { standing } = start;
  const { staged, contentFiles } = await stageAppend(ctx, input, start);
  return commitWithRetry({
    io: ctx.io,
    staged,
    contentFiles,
    turn: tableTurn(ctx, input.branch, input.table),
    commit: ({ metadata, newMetadataLocation: metadataLocation }) =>
      commitTable(ctx, { ...input, standing, metadata, metadataLocation }),
    refresh: async () => {
      if (standing === null) throw createdMeanwhile(input.table);
      standing = await standingContent(ctx, input);
      if (standing === null) throw tableNotFound(input.table);
      return loadContent(ctx, input.table, standing);
    },
  });
}

/** The rows as data files, and the table version that has them: both are there when this ends, or neither is. */
async function stageAppend(
  ctx: WriteContext,
  { query }: AppendRowsInput,
  { base, change, columns }: AppendBase,
): Promise<{ readonly staged: RebasableCommit; readonly contentFiles: readonly string[] }> {
  const { io, stagingDirectory: directory } = ctx;
  const metadata = applyUpdates(base.metadata, change.updates, { metadataLocation: null });
  const { dataFiles, landed } = await ctx.writer.write({ query, columns, metadata, io, directory });
  const contentFiles = dataFiles.map((file) => file.filePath);
  const cache = ctx.manifests === undefined ? {} : { cache: ctx.manifests };
  const [staging, landing] = await Promise.allSettled([
    appendFiles({ io, base, dataFiles, ...change, ...cache }),
    landed,
  ]);
  if (staging.status === 'fulfilled' && landing.status === 'fulfilled')
    return { staged: staging.value, contentFiles };
  const metadataFiles = staging.status === 'fulfilled' ? staging.value.writtenFiles : [];
  await discardFiles(ctx, [...contentFiles, ...metadataFiles]);
  throw staging.status === 'rejected' ? staging.reason : (landing as PromiseRejectedResult).reason;
}

async function standingContent(
  ctx: WriteContext,
  { branch, table }: AppendRowsInput,
): Promise<Content | null> {
  return ctx.catalog.getContent((await ctx.catalog.getRef(branch)).hash, table);
}

/** The table as it stands, or as it will be created: then with the columns that the query gives. */
async function loadBase(
  ctx: WriteContext,
  input: AppendRowsInput,
  standing: Content | null,
  columns: readonly SourceColumn[],
): Promise<LoadedTable> {
  if (standing !== null) return loadContent(ctx, input.table, standing);
  if (input.createWith === undefined) throw tableNotFound(input.table);
  const metadata = createTableMetadata({
    location: newTableLocation(ctx, input.table),
    schema: schemaFromColumns(columns),
    properties: { 'write.parquet.compression-codec': 'zstd', ...input.createWith },
  });
  return { metadata, metadataLocation: null };
}

function tableNotFound(table: ContentKey): AppError {
  return new AppError('TABLE_NOT_FOUND', `There is no table ${tableId(table)} to append to.`, {
    context: { table: tableId(table), suggestions: [] },
  });
}

function alreadyThere({ table, branch }: AppendRowsInput): AppError {
  return new AppError('TABLE_ALREADY_EXISTS', `There is a table ${tableId(table)} on "${branch}" already.`, {
    context: { table: tableId(table) },
  });
}

function createdMeanwhile(table: ContentKey): AppError {
  return new AppError('COMMIT_CONFLICT', `Another commit created ${tableId(table)} first.`, {
    context: { table: tableId(table) },
  });
}

/** What the table's schema has to become for the rows to fit; nothing where they fit as they are. */
function schemaChange(
  { table, mergeSchema = false }: AppendRowsInput,
  metadata: TableMetadata,
  columns: readonly SourceColumn[],
): TableChange {
  const { formatVersion } = metadata;
  const fit = fitColumns(currentSchema(metadata), columns, { formatVersion, mergeSchema });
  assertFits(fit.misfits, `the table ${tableId(table)}`);
  return mergeSchema
    ? unionByName(evolveSchema(metadata), fit.fields).change()
    : { updates: [], requirements: [] };
}
