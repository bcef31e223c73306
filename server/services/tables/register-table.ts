import { randomUUID } from 'node:crypto';
import { AppError, isAppError } from '#shared/errors/app-error.ts';
import type { TableChangeResult } from '#shared/contract/table-changes.ts';
import type { RegisterTableRequest } from '#shared/contract/register-table.ts';
import type { Relocation } from '#shared/iceberg/snapshot.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import type { Content, ContentKey } from '#server/catalog/model.ts';
import { relocate, relocateMetadata } from '#server/iceberg/metadata/relocation.ts';
import { loadTable } from '#server/iceberg/metadata/load.ts';
import { planFiles } from '#server/iceberg/scan/plan-files.ts';
import type { ServiceContext } from '../context.ts';
import { describeChangedTable } from './change-table.ts';
import { commitTable } from './commit-table.ts';
import { explainPlace, isReadOnly, registeredContent } from './registered-table.ts';
import { ICEBERG_TABLE, parseTableId, tableId } from './table-content.ts';

/** Folders whose first file is looked for at a time. */
const CONCURRENCY = 32;

/**
 * Adopts a table that another engine keeps, where it lies, as one commit: only its metadata's location is kept, and
 * no file of it is copied or changed. It is read only here.
 *
 * @throws TABLE_ALREADY_EXISTS; FORBIDDEN where its files lie in no place that the configuration allows;
 *   FILE_NOT_FOUND naming the first file that is not there; CORRUPT_METADATA, CORRUPT_FILE, UNSUPPORTED
 */
export async function registerTable(
  ctx: ServiceContext,
  request: RegisterTableRequest,
): Promise<TableChangeResult> {
  const key = parseTableId(request.table);
  if (key.length < 2) {
    throw new AppError('INVALID_INPUT', `'${request.table}' has no namespace; write namespace.table.`, {
      context: { table: request.table },
    });
  }
  const relocation = request.map ?? [];
  const metadataLocation = relocate(request.metadataLocation, relocation);
  const metadata = await readMetadata(ctx, metadataLocation, relocation);
  await assertFilesThere(ctx, metadata);

  const branch = request.branch ?? ctx.catalog.defaultBranch;
  const standing = await standingTable(ctx, { key, branch, metadata, replace: request.replace === true });
  // Tables of version 1 need not have a UUID, and the catalog follows contents by theirs.
  const id = metadata.tableUuid === '' ? (standing?.id ?? randomUUID()) : metadata.tableUuid;
  const content = { ...registeredContent(metadata, metadataLocation, relocation), id };
  const commit = await commitTable(ctx, {
    table: key,
    branch,
    message: request.message ?? `Register ${tableId(key)} at ${metadata.location}`,
    standing,
    metadata,
    metadataLocation,
    content,
  });
  return describeChangedTable({
    before: metadata,
    after: { key, content, metadata, metadataLocation },
    commit,
  });
}

async function readMetadata(
  ctx: ServiceContext,
  location: string,
  relocation: Relocation,
): Promise<TableMetadata> {
  const { metadata } = await explaining(async () => {
    // A file that nobody has named before may well not be there.
    await ctx.io.stat(location);
    return loadTable(ctx.io, location);
  });
  return relocation.length === 0 ? metadata : relocateMetadata(metadata, relocation);
}

/** What the current snapshot reads is where the metadata says, or the mapping; looked at folder by folder. */
async function assertFilesThere(ctx: ServiceContext, metadata: TableMetadata): Promise<void> {
  await explaining(async () => {
    const { files } = await planFiles({ io: ctx.io, metadata });
    const folders = new Map<string, string>();
    for (const { file, deletes } of files)
      for (const { filePath } of [file, ...deletes.map((planned) => planned.file)])
        folders.set(filePath.slice(0, filePath.lastIndexOf('/')), filePath);
    const examples = [...folders.values()];
    for (let start = 0; start < examples.length; start += CONCURRENCY)
      await Promise.all(
        examples.slice(start, start + CONCURRENCY).map(async (location) => ctx.io.stat(location)),
      );
  });
}

async function explaining<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isAppError(error, 'FILE_NOT_FOUND')) throw explainPlace(error);
    const { location } = error.context;
    throw new AppError(
      'FILE_NOT_FOUND',
      `There is no file ${String(location)}, which the table is made of. If the table was moved, register it with --map OLD_PREFIX=NEW_PREFIX.`,
      { context: { location }, cause: error },
    );
  }
}

/** Null where the name is free. What is replaced is an older version of the same table. */
async function standingTable(
  ctx: ServiceContext,
  input: {
    readonly key: ContentKey;
    readonly branch: string;
    readonly metadata: TableMetadata;
    readonly replace: boolean;
  },
): Promise<Content | null> {
  const { key, branch, metadata, replace } = input;
  const { hash } = await ctx.catalog.getRef(branch);
  const standing = await ctx.catalog.getContent(hash, key);
  if (standing === null) return null;
  const isSame = metadata.tableUuid === '' || standing.id === metadata.tableUuid;
  if (replace && standing.type === ICEBERG_TABLE && isReadOnly(standing) && isSame) return standing;
  const why = replace
    ? 'only a registered table can be replaced, by another version of itself'
    : 'to register a newer version of it, say "replace"';
  throw new AppError(
    'TABLE_ALREADY_EXISTS',
    `There is a ${standing.type.toLowerCase().replace('iceberg_', '')} ${tableId(key)} on "${branch}" already; ${why}.`,
    { context: { table: tableId(key) } },
  );
}
