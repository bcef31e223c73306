import type { ManifestEntry, ManifestFile } from '../manifest/data-file.ts';
import type { NewManifestEntry } from '../manifest/write-manifest.ts';
import type { RemovalRule } from './file-removal.ts';
import type { SnapshotBase } from './produce-snapshot.ts';
import { asExisting, isLive } from './snapshot-scratch.ts';

/** A manifest without the files that a commit removes. */
interface FilteredManifest {
  /** The manifest itself where it has none of them. */
  readonly manifests: readonly ManifestFile[];
  readonly removed: readonly ManifestEntry[];
}

export interface FilteredManifests {
  readonly manifests: readonly ManifestFile[];
  readonly removed: readonly ManifestEntry[];
  /** How many manifests were written anew. */
  readonly replaced: number;
}

/** What an earlier attempt made of a manifest, by its listing. */
export type FilterMemory = Map<string, FilteredManifest>;

/** How many manifests are read at a time. */
const CONCURRENCY = 8;

/**
 * Takes files out of manifests. Only those that hold one of them are written anew: there the removed files are
 * marked as deleted by this snapshot, and keep their sequence numbers.
 */
export async function filterManifests(
  base: SnapshotBase,
  manifests: readonly ManifestFile[],
  rule: RemovalRule,
  memory: FilterMemory,
): Promise<FilteredManifests> {
  const filtered: FilteredManifest[] = [];
  for (let start = 0; start < manifests.length; start += CONCURRENCY) {
    const batch = manifests.slice(start, start + CONCURRENCY);
    filtered.push(...(await Promise.all(batch.map((manifest) => filter(base, manifest, rule, memory)))));
  }
  return {
    manifests: filtered.flatMap((result) => result.manifests),
    removed: filtered.flatMap((result) => result.removed),
    replaced: filtered.filter((result) => result.removed.length > 0).length,
  };
}

async function filter(
  base: SnapshotBase,
  manifest: ManifestFile,
  rule: RemovalRule,
  memory: FilterMemory,
): Promise<FilteredManifest> {
  const untouched = { manifests: [manifest], removed: [] };
  if (!hasLiveFiles(manifest) || !rule.mayRemoveFrom(manifest)) return untouched;
  const { scratch, metadata } = base;
  const live = (await scratch.entriesOf(manifest)).filter(isLive);
  const going = new Set(live.filter((entry) => rule.removes(entry)));
  if (going.size === 0) return untouched;
  const key = `${manifest.manifestPath} ${manifest.sequenceNumber} ${[...going].map((entry) => live.indexOf(entry)).join()}`;
  const known = memory.get(key);
  if (known !== undefined) return known;
  const entries = live.map((entry): NewManifestEntry =>
    going.has(entry) ? { ...entry, status: 'deleted', snapshotId: scratch.snapshotId } : asExisting(entry),
  );
  const specId = live[0]?.dataFile.specId ?? manifest.partitionSpecId;
  const result = {
    manifests: await scratch.writeManifests(metadata, specId, manifest.content, entries),
    removed: [...going],
  };
  memory.set(key, result);
  return result;
}

export function hasLiveFiles({ addedFilesCount, existingFilesCount }: ManifestFile): boolean {
  return addedFilesCount !== 0 || existingFilesCount !== 0;
}
