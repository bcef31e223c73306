import { dirname } from 'node:path/posix';
import type { GcRequest, GcResult, KeptFor } from '#shared/contract/gc.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { fileKey } from '#server/iceberg/deletes/file-identity.ts';
import type { Content } from '#server/catalog/model.ts';
import { deleteAll, findOrphans, type MaintenanceContext } from '../maintenance/index.ts';
import { forgetMetadata } from '../tables/index.ts';
import { judgeVersions, type Version } from './judge-versions.ts';
import { keptCommits, type KeepingContext } from './kept-commits.ts';
import { getRetention } from './retention-policy.ts';

export type GcContext = MaintenanceContext &
  KeepingContext & {
    /** Refuses while the same is done here or on another server; `lost` aborts where it can't be kept out any more. */
    readonly alone: <T>(name: string, work: (lost: AbortSignal) => Promise<T>) => Promise<T>;
  };

const DAY_MS = 24 * 3600 * 1000;
const REFLOG_MS = 30 * DAY_MS;
const FILES_MS = 3 * DAY_MS;
/** A commit under way has files that nothing reaches yet; none takes as long. */
const YOUNGEST_MS = 3600 * 1000;

/**
 * Lets go of history beyond what retention keeps: forgets old moves of refs, and removes files that no kept version of
 * any table reaches. Never what a branch's head, a tag, or an open merge request shows.
 *
 * Versions are said to have expired before anything of them is removed, so a run that is cut short leaves none that
 * can be read in part; reading one throws HISTORY_EXPIRED. Commits themselves stay in the log.
 *
 * One run at a time: what one has just said to have expired, and may yet take back, another would remove.
 *
 * @throws INVALID_INPUT for files younger than an hour, unless it is a dry run; ALREADY_RUNNING, likewise
 */
export async function collectGarbage(
  ctx: GcContext,
  request: GcRequest = {},
  signal?: AbortSignal,
): Promise<GcResult> {
  if (request.dryRun === true) return collect(ctx, request, signal);
  return ctx.alone('garbage collection', (lost) =>
    collect(ctx, request, signal === undefined ? lost : AbortSignal.any([signal, lost])),
  );
}

async function collect(
  ctx: GcContext,
  request: GcRequest,
  signal: AbortSignal | undefined,
): Promise<GcResult> {
  const now = Date.now();
  const dryRun = request.dryRun === true;
  const reflogFrom = request.olderThan === undefined ? now - REFLOG_MS : Date.parse(request.olderThan);
  const olderThan =
    request.filesOlderThan === undefined ? now - FILES_MS : Date.parse(request.filesOlderThan);
  if (olderThan > now - YOUNGEST_MS && !dryRun)
    throw new AppError(
      'INVALID_INPUT',
      'Files of the last hour may belong to a commit that is under way; give an older time, or make it a dry run.',
      { context: { filesOlderThan: request.filesOlderThan } },
    );
  const policy = await getRetention(ctx);
  const judge = async () => judgeVersions(ctx, await keptCommits(ctx, policy, { now, reflogFrom }));
  let versions = await judge();
  signal?.throwIfAborted();
  // What expired once has lost its files, whatever retention says now.
  const gone = await expiredBefore(ctx, versions);
  const found = () =>
    [...versions.values()].filter(({ keptFor, location }) => keptFor === null && !gone.has(location));
  let fresh = found();
  if (!dryRun && fresh.length > 0) {
    await ctx.catalog.setExpired(contentsOf(fresh), true);
    // A branch may have been made at one of them meanwhile; from here on, whoever makes one finds them expired.
    versions = await judge();
    const still = new Set(found().map(({ location }) => location));
    await ctx.catalog.setExpired(contentsOf(fresh.filter(({ location }) => !still.has(location))), false);
    fresh = fresh.filter(({ location }) => still.has(location));
  }
  const reflogEntries = dryRun
    ? await countOld(ctx, reflogFrom)
    : await ctx.catalog.expireReflog(new Date(reflogFrom));
  const without = new Set([...gone, ...fresh.map(({ location }) => location)]);
  if (!dryRun) for (const location of without) forgetMetadata(ctx.io, location);
  const { orphans } = await findOrphans(ctx, { prefix: ctx.io.root, olderThan, without }, signal);
  const removed = new Map(orphans.map((file) => [fileKey(file.location), file]));
  // Kept versions name these in their logs, which nobody reads; without them, nobody reads what is half there.
  for (const location of without) {
    const stat = await ctx.io.stat(location).catch(() => null);
    if (stat !== null) removed.set(fileKey(location), stat);
  }
  const files = [...removed.values()];
  // First what says that the version is there.
  const ordered = files.sort((a, b) => Number(without.has(b.location)) - Number(without.has(a.location)));
  const keptFor: Partial<Record<KeptFor, number>> = {};
  for (const { keptFor: why, location } of versions.values())
    if (why !== null && !gone.has(location)) keptFor[why] = (keptFor[why] ?? 0) + 1;
  return {
    dryRun,
    reflogEntries,
    expiredVersions: fresh.length,
    keptVersions: versions.size - without.size,
    keptFor,
    files: files.length,
    bytes: String(files.reduce((sum, { size }) => sum + BigInt(size), 0n)),
    deletedFiles: dryRun ? 0 : await deleteAll(ctx, ordered, signal),
    tables: byTable([...versions.values()], fresh, files),
  };
}

function contentsOf(versions: readonly Version[]): readonly Content[] {
  return versions.flatMap(({ contents }) => contents);
}

async function expiredBefore(
  { catalog }: GcContext,
  versions: ReadonlyMap<string, Version>,
): Promise<ReadonlySet<string>> {
  const all = [...versions.values()];
  const expired = await catalog.areExpired(all.flatMap(({ contents }) => contents.slice(0, 1)));
  return new Set(all.filter((_, index) => expired[index] === true).map(({ location }) => location));
}

async function countOld({ catalog }: GcContext, from: number): Promise<number> {
  let count = 0;
  for (let before: string | undefined; ;) {
    const page = await catalog.reflog({ limit: 1000, ...(before === undefined ? {} : { before }) });
    count += page.entries.filter(({ time }) => time.getTime() < from).length;
    if (page.next === undefined) return count;
    before = page.next;
  }
}

/** A table's files lie in the folder above its metadata's. */
function byTable(
  versions: readonly Version[],
  expired: readonly Version[],
  files: readonly { readonly location: string; readonly size: number }[],
): GcResult['tables'] {
  const folders = new Map<string, string>();
  for (const { location, table } of versions) {
    const folder = dirname(dirname(fileKey(location)));
    if (!folders.has(folder)) folders.set(folder, table);
  }
  const tables = new Map<string | null, { expiredVersions: number; files: number; bytes: bigint }>();
  const of = (table: string | null) => {
    const known = tables.get(table) ?? { expiredVersions: 0, files: 0, bytes: 0n };
    tables.set(table, known);
    return known;
  };
  for (const { table } of expired) of(table).expiredVersions += 1;
  for (const { location, size } of files) {
    let folder = dirname(fileKey(location));
    while (!folders.has(folder) && folder !== dirname(folder)) folder = dirname(folder);
    const entry = of(folders.get(folder) ?? null);
    entry.files += 1;
    entry.bytes += BigInt(size);
  }
  return [...tables].map(([table, entry]) => ({ table, ...entry, bytes: String(entry.bytes) }));
}
