import { AppError } from '#shared/errors/app-error.ts';
import type { Snapshot } from '#shared/iceberg/snapshot.ts';
import type { ManifestEntry, ManifestFile } from '../manifest/data-file.ts';

/** @throws CORRUPT_METADATA where the list of a snapshot has one manifest twice: its rows would count twice. */
export function assertListedOnce(manifests: readonly ManifestFile[], snapshot: Snapshot): void {
  const seen = new Set<string>();
  for (const { manifestPath } of manifests) {
    const list = snapshot.manifestList ?? `snapshot ${snapshot.snapshotId}`;
    if (seen.has(manifestPath)) fail(list, 'manifest_path', `has the manifest ${manifestPath} twice`);
    seen.add(manifestPath);
  }
}

/** Live files of a manifest as its list tells; undefined where that does not say, or cannot be relied upon. */
export type LiveFiles = (manifest: ManifestFile) => number | undefined;

/**
 * A manifest that is listed with no live file is left unread, so such counts are taken for unknown where a
 * snapshot's summary has more files than its list. Summaries of some writers drift, so one that has more is a
 * reason to look, and none to refuse the table.
 */
export function liveFilesOf(manifests: readonly ManifestFile[], { summary }: Snapshot): LiveFiles {
  const doubted = new Set<ManifestFile['content']>();
  for (const content of ['data', 'deletes'] as const) {
    const total = summary[content === 'data' ? 'total-data-files' : 'total-delete-files'] ?? '';
    let listed = 0;
    for (const manifest of manifests)
      if (manifest.content === content) listed += countOf(manifest) ?? Number.NaN;
    if (/^\d{1,15}$/.test(total) && listed < Number(total)) doubted.add(content);
  }
  return (manifest) => {
    const live = countOf(manifest);
    return live === 0 && doubted.has(manifest.content) ? undefined : live;
  };
}

function countOf({ addedFilesCount, existingFilesCount }: ManifestFile): number | undefined {
  return addedFilesCount === undefined || existingFilesCount === undefined
    ? undefined
    : addedFilesCount + existingFilesCount;
}

/** The live files that one scan has come upon: none may be there twice, or contradict the list. */
export class SeenFiles {
  /** By location, for deletion vectors with the offset too: the manifest that has the file. */
  private readonly manifests = new Map<string, string>();

  /** @throws CORRUPT_METADATA naming the manifest and the field */
  add({ dataFile, sequenceNumber }: ManifestEntry, manifest: ManifestFile): void {
    const { manifestPath } = manifest;
    if (countOf(manifest) === 0) {
      fail(
        manifestPath,
        'added_files_count',
        `has the live file ${dataFile.filePath}, but the manifest list counts none`,
      );
    }
    if (sequenceNumber < manifest.minSequenceNumber) {
      fail(
        manifestPath,
        'min_sequence_number',
        `has ${dataFile.filePath} with the sequence number ${sequenceNumber}, but the manifest list says that none is below ${manifest.minSequenceNumber}`,
      );
    }
    const { contentOffset } = dataFile;
    const key = contentOffset === undefined ? dataFile.filePath : `${dataFile.filePath} ${contentOffset}`;
    const other = this.manifests.get(key);
    if (other !== undefined) {
      const where = other === manifestPath ? ' twice' : `, which ${other} of the same snapshot has too`;
      fail(manifestPath, 'file_path', `has the live file ${dataFile.filePath}${where}`);
    }
    this.manifests.set(key, manifestPath);
  }
}

function fail(source: string, field: string, what: string): never {
  throw new AppError(
    'CORRUPT_METADATA',
    `${source} is not valid: it ${what} ('${field}'). Restore it, or read another snapshot.`,
    { context: { source, field } },
  );
}
