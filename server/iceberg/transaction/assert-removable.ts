import { AppError } from '#shared/errors/app-error.ts';
import type { ManifestEntry, ManifestFile } from '../manifest/data-file.ts';
import type { AddedFile } from './change-files.ts';
import { fileKeyOf } from './file-key.ts';
import type { FileRemoval } from './file-removal.ts';
import { hasLiveFiles } from './filter-manifests.ts';
import type { SnapshotBase } from './produce-snapshot.ts';
import { isLive } from './snapshot-scratch.ts';
import { isDeletionVector } from './snapshot-summary.ts';
import { UNASSIGNED } from '../manifest/write-manifest.ts';

/** @throws INVALID_INPUT, or COMMIT_CONFLICT where another commit took it, naming a file that is not there to be removed */
export function assertAllFound(
  base: SnapshotBase,
  { files = [], paths = [] }: FileRemoval,
  removed: readonly ManifestEntry[],
  moved: boolean,
): void {
  const found = new Set(removed.map(({ dataFile }) => fileKeyOf(dataFile)));
  const missing =
    files.find((file) => !found.has(fileKeyOf(file)))?.filePath ?? paths.find((path) => !found.has(path));
  if (missing === undefined) return;
  throw new AppError(
    moved ? 'COMMIT_CONFLICT' : 'INVALID_INPUT',
    moved
      ? `Another commit has removed the file ${missing}, which this one is to remove.`
      : `The table at ${base.metadata.location} has no file ${missing} to remove; plan anew from its current snapshot.`,
    { context: { conflict: 'missing-file', file: missing, snapshotId: base.parent?.snapshotId } },
  );
}

/**
 * A data file has one deletion vector at most: one that follows another holds its positions too and takes its
 * place.
 *
 * @param deletes manifests of the delete files that stay
 * @param moved whether other commits have changed the table since the operation began
 * @throws INVALID_INPUT, or COMMIT_CONFLICT where another commit added it, naming data file and vectors
 */
export async function assertOneVectorEach(
  base: SnapshotBase,
  added: readonly AddedFile[],
  deletes: readonly ManifestFile[],
  moved: boolean,
): Promise<void> {
  const vectors = new Map<string, string>();
  for (const { file } of added) {
    const target = isDeletionVector(file) ? file.referencedDataFile : undefined;
    if (target === undefined) continue;
    if (vectors.has(target)) throw second(target, file.filePath, false);
    vectors.set(target, file.filePath);
  }
  if (vectors.size === 0) return;
  for (const manifest of deletes) {
    if (!hasLiveFiles(manifest)) continue;
    for (const entry of await liveEntries(base, manifest)) {
      const target = isDeletionVector(entry.dataFile) ? entry.dataFile.referencedDataFile : undefined;
      if (target !== undefined && vectors.has(target)) throw second(target, entry.dataFile.filePath, moved);
    }
  }
}

async function liveEntries(
  { scratch }: SnapshotBase,
  manifest: ManifestFile,
): Promise<readonly Pick<ManifestEntry, 'status' | 'dataFile'>[]> {
  const entries =
    manifest.sequenceNumber === UNASSIGNED
      ? await scratch.entriesToCopy(manifest)
      : await scratch.entriesOf(manifest);
  return entries.filter(isLive);
}

function second(dataFile: string, vector: string, moved: boolean): AppError {
  return new AppError(
    moved ? 'COMMIT_CONFLICT' : 'INVALID_INPUT',
    `The data file ${dataFile} has a deletion vector in ${vector} already; join the two and remove the older one in the same commit.`,
    { context: { conflict: 'deletion-vector', file: dataFile, deleteFile: vector } },
  );
}
