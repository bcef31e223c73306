import { LRUCache } from 'lru-cache';
import { AppError, isAppError } from '#shared/errors/app-error.ts';
import type { Relocation } from '#shared/iceberg/snapshot.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import type { Content, ContentKey, Hash } from '#server/catalog/model.ts';
import { loadTable } from '#server/iceberg/metadata/load.ts';
import { relocateMetadata, relocationKey } from '#server/iceberg/metadata/relocation.ts';
import type { FileIO } from '#server/storage/file-io.ts';
import type { ServiceContext } from '../context.ts';
import { nearestNames } from '#shared/util/nearest-names.ts';
import { explainAbsence, type LookedAt } from './absent-table.ts';
import { explainPlace, isReadOnly, relocationOf } from './registered-table.ts';
import { metadataLocationOf, NAMESPACE, tableId } from './table-content.ts';

export interface CatalogTable {
  readonly key: ContentKey;
  readonly content: Content;
  readonly metadata: TableMetadata;
  readonly metadataLocation: string;
}

/**
 * The table at a key of a commit. Names match exactly or, as SQL's do, without regard to case where that
 * leaves one table. SQL names a table by three parts at most, so that a quoted part of a namespace stands for several
 * levels, where nothing has it as it is: `"a.b.c".t`.
 *
 * @throws TABLE_NOT_FOUND with names that are near, CORRUPT_METADATA
 */
export async function loadTableAt(ctx: ServiceContext, at: Hash, key: ContentKey): Promise<CatalogTable> {
  const found = await findContentAt(ctx, at, key);
  return loadContent(ctx, found.key, found.content);
}

export interface FoundContent {
  readonly key: ContentKey;
  readonly content: Content;
}

/** What stands at the name of a table or view; see loadTableAt. @throws TABLE_NOT_FOUND */
async function findContentAt(
  { catalog }: Pick<ServiceContext, 'catalog'>,
  at: Hash,
  key: ContentKey,
): Promise<FoundContent> {
  const exact = await catalog.getContent(at, key);
  if (exact !== null) return { key, content: exact };
  const deeper = levelsOf(key);
  const content = deeper === null ? null : await catalog.getContent(at, deeper);
  if (deeper !== null && content !== null) return { key: deeper, content };
  const contents = await catalog.listContents(at);
  const wanted = tableId(key).toLowerCase();
  const alike = contents.filter((entry) => tableId(entry.key).toLowerCase() === wanted);
  const [only] = alike;
  if (only !== undefined && alike.length === 1) return only;
  const names = contents
    .filter(({ content }) => content.type !== NAMESPACE)
    .map((entry) => tableId(entry.key));
  throw tableNotFound(tableId(key), names);
}

/** What stands at the name of a table or view; of what is not there it says what history knows. */
export async function findContentAtRef(
  ctx: ServiceContext,
  at: LookedAt,
  key: ContentKey,
): Promise<FoundContent> {
  try {
    return await findContentAt(ctx, at.hash, key);
  } catch (error) {
    throw isAppError(error, 'TABLE_NOT_FOUND') ? await explainAbsence(ctx, error, at, key) : error;
  }
}

/** The key with the levels that parts of its namespace write with dots; null where these are none. */
function levelsOf(key: ContentKey): ContentKey | null {
  const levels = key.slice(0, -1).flatMap((part) => part.split('.'));
  const [name = ''] = key.slice(-1);
  return levels.length < key.length || levels.includes('') ? null : [...levels, name];
}

/** As loadTableAt; of a table that is not there it says what history knows of it. */
export async function loadTableAtRef(
  ctx: ServiceContext,
  at: LookedAt,
  key: ContentKey,
): Promise<CatalogTable> {
  const found = await findContentAtRef(ctx, at, key);
  return loadContent(ctx, found.key, found.content);
}

/** @throws CORRUPT_METADATA; HISTORY_EXPIRED where the catalog is given and retention let this version go */
export async function loadContent(
  ctx: Pick<ServiceContext, 'io'> & { readonly catalog?: Pick<ServiceContext['catalog'], 'areExpired'> },
  key: ContentKey,
  content: Content,
): Promise<CatalogTable> {
  const metadataLocation = metadataLocationOf(key, content);
  const metadata = await loadMetadata(ctx.io, metadataLocation, relocationOf(content)).catch(
    async (error: unknown) => {
      if (isAppError(error, 'CORRUPT_METADATA') && (await ctx.catalog?.areExpired([content]))?.[0] === true)
        throw historyExpired(key, error);
      throw isReadOnly(content) ? explainPlace(error) : error;
    },
  );
  return { key, content, metadataLocation, metadata };
}

function historyExpired(key: ContentKey, cause: AppError): AppError {
  const table = tableId(key);
  return new AppError(
    'HISTORY_EXPIRED',
    `This version of ${table} is beyond what history keeps, and its files are removed. Read a newer commit of it.`,
    { context: { table }, cause },
  );
}

const caches = new WeakMap<FileIO, LRUCache<string, TableMetadata>>();

/** Metadata files never change, so what was read once is true for good. */
async function loadMetadata(
  io: FileIO,
  location: string,
  relocation: Relocation | undefined,
): Promise<TableMetadata> {
  const known = cacheOf(io).get(cacheKey(location, relocation));
  if (known !== undefined) return known;
  const { metadata } = await loadTable(io, location);
  const moved = relocation === undefined ? metadata : relocateMetadata(metadata, relocation);
  rememberMetadata(io, location, moved, relocation);
  return moved;
}

/** For who has just written it: what a long history says need not be parsed again for the next commit. */
export function rememberMetadata(
  io: FileIO,
  location: string,
  metadata: TableMetadata,
  relocation?: Relocation,
): void {
  cacheOf(io).set(cacheKey(location, relocation), metadata);
}

/** For who has removed it. */
export function forgetMetadata(io: FileIO, location: string): void {
  cacheOf(io).delete(cacheKey(location, undefined));
}

function cacheKey(location: string, relocation: Relocation | undefined): string {
  return `${relocationKey(relocation)}${location}`;
}

function cacheOf(io: FileIO): LRUCache<string, TableMetadata> {
  const cache = caches.get(io) ?? new LRUCache<string, TableMetadata>({ max: 1000 });
  caches.set(io, cache);
  return cache;
}

function tableNotFound(table: string, names: readonly string[]): AppError {
  const suggestions = nearestNames(table, names);
  const some = names.slice(0, 10).join(', ');
  const hint =
    suggestions.length > 0
      ? `Did you mean ${suggestions.join(' or ')}?`
      : names.length === 0
        ? 'There are no tables here yet.'
        : `There ${names.length > 10 ? 'are, among others' : 'are'}: ${some}.`;
  return new AppError('TABLE_NOT_FOUND', `There is no table ${table}. ${hint}`, {
    context: { table, suggestions },
  });
}
