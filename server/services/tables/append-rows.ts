import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError, isAppError } from '#shared/errors/app-error.ts';
import { schemaFromColumns } from '#shared/iceberg/duckdb-types.ts';
import type { Commit, Content, ContentKey, Operation, Requirement } from '#server/catalog/model.ts';
import type { ParquetWriter } from '#server/engine/write-parquet.ts';
import type { DataFile } from '#server/iceberg/manifest/data-file.ts';
import { createTableMetadata } from '#server/iceberg/metadata/create.ts';
import type { LoadedTable } from '#server/iceberg/metadata/load.ts';
import { dataLocation } from '#server/iceberg/metadata/locations.ts';
import { currentSchema } from '#server/iceberg/metadata/lookup.ts';
import { appendFiles } from '#server/iceberg/transaction/append-files.ts';
import { dataFileFromDuckDbStats } from '#server/iceberg/transaction/data-file-stats.ts';
import type { StagedCommit } from '#server/iceberg/transaction/staged-commit.ts';
import type { ServiceContext } from '../context.ts';
import { loadContent } from './load-table.ts';
import { NAMESPACE, tableContent, tableId } from './table-content.ts';

/** What writing needs beside the ports. */
export interface WriteContext extends ServiceContext {
  readonly writer: ParquetWriter;
  /** Local folder on the warehouse's own disk where files are written before storage takes them over. */
  readonly stagingDirectory: string;
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
}

const ATTEMPTS = 10;

/**
 * Appends the rows of a query to a table, as one commit; creates table and namespace with it where they do not
 * exist and `createWith` is given. Where another commit to the table wins the race, the same data files are
 * appended to its new state.
 *
 * @throws TABLE_NOT_FOUND, SCHEMA_MISMATCH, STORAGE_FULL, COMMIT_CONFLICT after ten lost races
 */
export async function appendRows(ctx: WriteContext, input: AppendRowsInput): Promise<Commit> {
  const head = await ctx.catalog.getRef(input.branch);
  let standing = await ctx.catalog.getContent(head.hash, input.table);
  let base = await loadBase(ctx, input, standing);
  const dataFiles = await writeDataFiles(ctx, base, input.query);
  let staged = await appendFiles({ io: ctx.io, base, dataFiles });
  try {
    for (let attempt = 1; ; attempt++) {
      try {
        return await commitTable(ctx, input, standing, staged);
      } catch (error) {
        if (!isAppError(error, 'COMMIT_CONFLICT') || attempt === ATTEMPTS || standing === null) throw error;
      }
      standing = await ctx.catalog.getContent((await ctx.catalog.getRef(input.branch)).hash, input.table);
      base = await loadBase(ctx, input, standing);
      staged = await staged.rebase(base);
    }
  } catch (error) {
    // An unknown outcome may be a commit that others see already: then its files stay.
    if (!isAppError(error, 'COMMIT_STATE_UNKNOWN'))
      await discard(ctx, [...staged.writtenFiles, ...dataFiles.map((file) => file.filePath)]);
    throw error;
  }
}

/** The table as it stands, or as it will be created: then with the columns that the query gives. */
async function loadBase(
  ctx: WriteContext,
  input: AppendRowsInput,
  standing: Content | null,
): Promise<LoadedTable> {
  if (standing !== null) return loadContent(ctx, input.table, standing);
  if (input.createWith === undefined) {
    throw new AppError('TABLE_NOT_FOUND', `There is no table ${tableId(input.table)} to append to.`, {
      context: { table: tableId(input.table), suggestions: [] },
    });
  }
  const columns = await ctx.writer.describe(input.query);
  const folder = input.table.map((level) => encodeURIComponent(level).replaceAll('%', '_')).join('/');
  const metadata = createTableMetadata({
    location: `${ctx.io.root}/${folder}-${randomUUID()}`,
    schema: schemaFromColumns(columns),
    properties: { 'write.parquet.compression-codec': 'zstd', ...input.createWith },
  });
  return { metadata, metadataLocation: null };
}

async function writeDataFiles(
  ctx: WriteContext,
  { metadata }: LoadedTable,
  query: string,
): Promise<readonly DataFile[]> {
  const schema = currentSchema(metadata);
  const directory = join(ctx.stagingDirectory, randomUUID());
  await mkdir(directory, { recursive: true });
  try {
    const written = await ctx.writer.write({ query, schema, directory });
    const files: DataFile[] = [];
    for (const file of written) {
      const filePath = `${dataLocation(metadata)}/${randomUUID()}.parquet`;
      await ctx.io.adopt(file.path, filePath);
      files.push(dataFileFromDuckDbStats({ filePath, schema, stats: file.stats }));
    }
    return files;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function commitTable(
  ctx: WriteContext,
  input: AppendRowsInput,
  standing: Content | null,
  staged: StagedCommit,
): Promise<Commit> {
  const content = tableContent(staged.metadata, staged.newMetadataLocation);
  const operations: Operation[] = [{ kind: 'put', key: input.table, content }];
  const requirements: Requirement[] = [{ key: input.table, content: standing }];
  const namespace = input.table.slice(0, -1);
  const { hash } = await ctx.catalog.getRef(input.branch);
  if (namespace.length > 0 && (await ctx.catalog.getContent(hash, namespace)) === null) {
    operations.push({
      kind: 'put',
      key: namespace,
      content: { type: NAMESPACE, id: randomUUID(), value: { properties: {} } },
    });
    requirements.push({ key: namespace, content: null });
  }
  return ctx.catalog.commit({
    branch: input.branch,
    author: ctx.author,
    message: input.message,
    properties: input.properties ?? {},
    operations,
    requirements,
  });
}

/** Best effort: what stays behind is reached by nothing, and maintenance removes it. */
async function discard(ctx: WriteContext, locations: readonly string[]): Promise<void> {
  await Promise.allSettled(locations.map((location) => ctx.io.delete(location)));
}
