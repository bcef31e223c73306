import type { Snapshot } from '#shared/iceberg/snapshot.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import type { FileIO } from '../../storage/file-io.ts';
import type { ManifestFile } from '../manifest/data-file.ts';
import { loadManifest, loadManifestList, type ReadOptions } from '../manifest/load-manifests.ts';

/** Locations of files that no version given as kept reaches. */
export interface UnreachableFiles {
  readonly manifestLists: readonly string[];
  readonly manifests: readonly string[];
  readonly dataFiles: readonly string[];
  /** Position and equality deletes, and deletion vectors' Puffin files. */
  readonly deleteFiles: readonly string[];
  readonly statisticsFiles: readonly string[];
}

/**
 * What snapshots reach that no kept version of the table reaches: what can be deleted when they are gone. Kept
 * versions are the table after the change, and every other version that somebody may still read (catalog
 * branches, tags and commits): whoever deletes must know them all.
 *
 * Costs the manifests that only the gone snapshots have, and for their files those of the kept versions; a file
 * counts as reached where a kept manifest has it alive.
 *
 * @param gone snapshots that are to go
 * @throws FILE_NOT_FOUND, CORRUPT_METADATA, CORRUPT_FILE: nothing is called unreachable while something cannot be read
 */
export async function unreachableFiles(input: {
  readonly io: FileIO;
  readonly before: TableMetadata;
  readonly gone: readonly Snapshot[];
  readonly kept: readonly TableMetadata[];
  readonly options?: ReadOptions;
}): Promise<UnreachableFiles> {
  const { io, before, kept, options = {} } = input;
  const keptSnapshots = new Map(
    kept.flatMap((metadata) => metadata.snapshots).map((snapshot) => [snapshot.snapshotId, snapshot]),
  );
  const gone = input.gone.filter((snapshot) => !keptSnapshots.has(snapshot.snapshotId));
  const keptLists = new Set([...keptSnapshots.values()].map((snapshot) => snapshot.manifestList));
  const manifestLists = present(gone.map((snapshot) => snapshot.manifestList)).filter(
    (l) => !keptLists.has(l),
  );

  const keptManifests = await manifestsOf(io, [...keptSnapshots.values()], options);
  const goneManifests = await manifestsOf(io, gone, options);
  const lost = [...goneManifests.values()].filter(({ manifestPath }) => !keptManifests.has(manifestPath));

  const dataFiles = new Set<string>();
  const deleteFiles = new Set<string>();
  for (const manifest of lost) {
    const files = manifest.content === 'data' ? dataFiles : deleteFiles;
    for (const { status, dataFile } of await loadManifest(io, manifest, options))
      if (status !== 'deleted') files.add(dataFile.filePath);
  }
  for (const manifest of keptManifests.values()) {
    const files = manifest.content === 'data' ? dataFiles : deleteFiles;
    if (files.size === 0) continue;
    for (const { status, dataFile } of await loadManifest(io, manifest, options))
      if (status !== 'deleted') files.delete(dataFile.filePath);
  }

  const goneIds = new Set(gone.map((snapshot) => snapshot.snapshotId));
  const keptStatistics = new Set(kept.flatMap(statisticsOf).map(({ location }) => location));
  const statisticsFiles = statisticsOf(before)
    .filter(({ snapshotId, location }) => goneIds.has(snapshotId) && !keptStatistics.has(location))
    .map(({ location }) => location);
  return {
    manifestLists: [...new Set(manifestLists)],
    manifests: lost.map((manifest) => manifest.manifestPath),
    dataFiles: [...dataFiles],
    deleteFiles: [...deleteFiles],
    statisticsFiles: [...new Set(statisticsFiles)],
  };
}

async function manifestsOf(
  io: FileIO,
  snapshots: readonly Snapshot[],
  options: ReadOptions,
): Promise<ReadonlyMap<string, ManifestFile>> {
  const found = new Map<string, ManifestFile>();
  for (const snapshot of snapshots) {
    options.signal?.throwIfAborted();
    for (const manifest of await loadManifestList(io, snapshot, options))
      found.set(manifest.manifestPath, manifest);
  }
  return found;
}

function statisticsOf(metadata: TableMetadata): readonly { snapshotId: bigint; location: string }[] {
  return [...metadata.statistics, ...metadata.partitionStatistics].flatMap(({ snapshotId, json }) => {
    const location = json['statistics-path'];
    return typeof location === 'string' ? [{ snapshotId, location }] : [];
  });
}

function present(values: readonly (string | undefined)[]): readonly string[] {
  return values.filter((value) => value !== undefined);
}
