import type { ManifestFile } from '../manifest/data-file.ts';
import type { NewManifestEntry } from '../manifest/write-manifest.ts';
import type { SnapshotBase } from './produce-snapshot.ts';
import { manifestTargetBytes, mergesManifests, minManifestsToMerge } from './write-properties.ts';

/**
 * Joins small manifests of one content into larger ones, so that a table of many small commits has few: each
 * run of neighbours that together stay below the target size. The run that the newest manifest is in waits
 * until there are enough of them. Deleted entries of older snapshots are left behind.
 *
 * @param merged what earlier attempts have joined; added to
 */
export async function mergeManifests(
  base: SnapshotBase,
  manifests: readonly ManifestFile[],
  merged: Map<string, readonly ManifestFile[]>,
): Promise<readonly ManifestFile[]> {
  const { metadata } = base;
  const [newest] = manifests;
  if (newest === undefined || !mergesManifests(metadata)) return manifests;
  const least = minManifestsToMerge(metadata);
  const specIds = [...new Set(manifests.map((manifest) => manifest.partitionSpecId))].sort((a, b) => b - a);
  const result: ManifestFile[] = [];
  for (const specId of specIds) {
    const group = manifests.filter((manifest) => manifest.partitionSpecId === specId);
    for (const run of packFromEnd(group, manifestTargetBytes(metadata))) {
      const waits = run.includes(newest) && run.length < least;
      if (run.length === 1 || waits) result.push(...run);
      else result.push(...(await join(base, specId, run, merged)));
    }
  }
  return result;
}

async function join(
  { scratch, metadata }: SnapshotBase,
  specId: number,
  run: readonly ManifestFile[],
  merged: Map<string, readonly ManifestFile[]>,
): Promise<readonly ManifestFile[]> {
  const key = run.map((manifest) => `${manifest.manifestPath} ${manifest.sequenceNumber}`).join('\n');
  const known = merged.get(key);
  if (known !== undefined) return known;
  const entries: NewManifestEntry[] = [];
  for (const manifest of run) entries.push(...(await scratch.entriesToCopy(manifest)));
  const content = run[0]?.content ?? 'data';
  const joined = await scratch.writeManifests(metadata, specId, content, entries);
  merged.set(key, joined);
  return joined;
}

/** Runs of neighbours, filled from the end: the first one stays the smallest and is filled by the next commit. */
function packFromEnd(
  manifests: readonly ManifestFile[],
  target: number,
): readonly (readonly ManifestFile[])[] {
  const runs: ManifestFile[][] = [];
  let run: ManifestFile[] = [];
  let size = 0n;
  for (const manifest of manifests.toReversed()) {
    if (run.length > 0 && size + manifest.manifestLength > BigInt(target)) {
      runs.unshift(run);
      run = [];
      size = 0n;
    }
    run.unshift(manifest);
    size += manifest.manifestLength;
  }
  return run.length === 0 ? runs : [run, ...runs];
}
