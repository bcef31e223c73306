import type { RemoveOrphansRequest, RemoveOrphansResult } from '#shared/contract/maintenance.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { Content, ContentKey } from '#server/catalog/model.ts';
import { fileKey } from '#server/iceberg/deletes/file-identity.ts';
import { ReachedFiles } from '#server/iceberg/maintenance/reached-files.ts';
import type { FileStat } from '#server/storage/file-io.ts';
import { contentsInHistory, ICEBERG_TABLE, loadContent, loadTableAt, parseTableId } from '../tables/index.ts';
import type { MaintenanceContext } from './context.ts';

const THREE_DAYS_MS = 3 * 24 * 3600 * 1000;
/** A commit under way has files that nothing reaches yet; none takes as long. */
const YOUNGEST_MS = 3600 * 1000;
const SHOWN = 100;

/**
 * Removes files of the warehouse that nothing reaches: no version of any table in any commit that a branch, a tag or
 * the reflog of the catalog leads to. Such files are what crashed or lost commits leave behind.
 *
 * Files are compared by their path alone, so that one which metadata names with another scheme or host counts as
 * reached. What is looked at is listed first and what is reached is read after, so what is committed meanwhile stays.
 *
 * @throws INVALID_INPUT for an age under an hour; FILE_NOT_FOUND, CORRUPT_METADATA, CORRUPT_FILE where something that
 *   is reached can't
 *   be read: then nothing is removed
 */
export async function removeOrphans(
  ctx: MaintenanceContext,
  request: RemoveOrphansRequest = {},
  signal?: AbortSignal,
): Promise<RemoveOrphansResult> {
  return sweep(ctx, await orphansOf(ctx, request), signal);
}

/** What a sweep looks at. */
export interface OrphanSweep {
  readonly prefix: string;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly olderThan: number;
  readonly dryRun: boolean;
}

/**
 * @param branch that has the table; the default branch where not given
 * @throws INVALID_INPUT for an age under an hour; TABLE_NOT_FOUND; FORBIDDEN for a table that another engine keeps
 */
export async function orphansOf(
  ctx: MaintenanceContext,
  request: RemoveOrphansRequest,
  branch = ctx.catalog.defaultBranch,
): Promise<OrphanSweep> {
  const now = Date.now();
  const olderThan = request.olderThan === undefined ? now - THREE_DAYS_MS : Date.parse(request.olderThan);
  if (olderThan > now - YOUNGEST_MS && request.dryRun !== true)
    throw new AppError(
      'INVALID_INPUT',
      'Files of the last hour may belong to a commit that is under way; give an older time, or make it a dry run.',
      { context: { olderThan: request.olderThan } },
    );
  const prefix = request.table === undefined ? ctx.io.root : await folderOf(ctx, request.table, branch);
  return { prefix, olderThan, dryRun: request.dryRun === true };
}

export async function sweep(
  ctx: MaintenanceContext,
  { dryRun, ...from }: OrphanSweep,
  signal?: AbortSignal,
): Promise<RemoveOrphansResult> {
  const { orphans, filesSeen, filesReached } = await findOrphans(ctx, from, signal);
  const deletedFiles = dryRun ? 0 : await deleteAll(ctx, orphans, signal);
  return {
    dryRun,
    orphans: orphans.length,
    bytes: String(orphans.reduce((sum, { size }) => sum + BigInt(size), 0n)),
    deletedFiles,
    locations: orphans.slice(0, SHOWN).map(({ location }) => location),
    filesSeen,
    filesReached,
  };
}

/**
 * @param olderThan milliseconds since 1970-01-01 UTC
 * @param without metadata files of versions that are looked at as if they had expired
 */
export async function findOrphans(
  ctx: MaintenanceContext,
  from: { readonly prefix: string; readonly olderThan: number; readonly without?: ReadonlySet<string> },
  signal?: AbortSignal,
): Promise<{
  readonly orphans: readonly FileStat[];
  readonly filesSeen: number;
  readonly filesReached: number;
}> {
  const old: FileStat[] = [];
  let filesSeen = 0;
  for await (const file of ctx.io.list(from.prefix)) {
    signal?.throwIfAborted();
    filesSeen += 1;
    if (file.modifiedAt.getTime() < from.olderThan) old.push(file);
  }
  if (old.length === 0) return { orphans: [], filesSeen, filesReached: 0 };
  const reached = new ReachedFiles(ctx.io, signal === undefined ? {} : { signal });
  const unreached = () => old.filter(({ location }) => !reached.keys.has(fileKey(location)));
  // What lies in a table's folder is nearly all its own, so its own versions come first. Only where something is left
  // does it need those of every other table to be sure that none of them reaches into it.
  const folder = `${fileKey(from.prefix)}/`;
  const elsewhere: Version[] = [];
  for await (const version of versionsInHistory(ctx, from.without, signal)) {
    if (fileKey(version.location).startsWith(folder)) await addReached(ctx, reached, version);
    else elsewhere.push(version);
  }
  if (unreached().length > 0)
    for (const version of elsewhere) {
      signal?.throwIfAborted();
      await addReached(ctx, reached, version);
    }
  return { orphans: unreached(), filesSeen, filesReached: reached.keys.size };
}

async function folderOf(ctx: MaintenanceContext, table: string, branch: string): Promise<string> {
  const { hash } = await ctx.catalog.getRef(branch);
  const { location } = (await loadTableAt(ctx, hash, parseTableId(table))).metadata;
  if (fileKey(location).startsWith(`${fileKey(ctx.io.root)}/`)) return location;
  throw new AppError('FORBIDDEN', `${table} lies at ${location}, where other engines keep it.`, {
    context: { table, location },
  });
}

/** A version of a table or a view that stands in some commit. */
interface Version {
  readonly key: ContentKey;
  readonly content: Content;
  /** Of its metadata file. */
  readonly location: string;
}

/** Each once. @param without metadata files that are passed over */
async function* versionsInHistory(
  ctx: MaintenanceContext,
  without: ReadonlySet<string> | undefined,
  signal: AbortSignal | undefined,
): AsyncGenerator<Version> {
  const seen = new Set(without);
  for await (const { key, content } of contentsInHistory(ctx)) {
    signal?.throwIfAborted();
    const location = content.value['metadataLocation'];
    if (typeof location !== 'string' || seen.has(location)) continue;
    seen.add(location);
    yield { key, content, location };
  }
}

/** Adds what a version reaches. */
async function addReached(
  ctx: MaintenanceContext,
  reached: ReachedFiles,
  { key, content, location }: Version,
): Promise<void> {
  if (content.type === ICEBERG_TABLE)
    await reached.addTable((await loadContent(ctx, key, content)).metadata, location);
  else reached.addFile(location);
}

/** @returns how many are gone; one that can't be deleted is logged */
export async function deleteAll(
  ctx: MaintenanceContext,
  orphans: readonly Pick<FileStat, 'location'>[],
  signal: AbortSignal | undefined,
): Promise<number> {
  let deleted = 0;
  for (const { location } of orphans) {
    signal?.throwIfAborted();
    try {
      await ctx.io.delete(location);
      deleted += 1;
    } catch (error) {
      ctx.logger.warn({ err: error, location }, 'a file that nothing reaches could not be deleted');
    }
  }
  return deleted;
}
