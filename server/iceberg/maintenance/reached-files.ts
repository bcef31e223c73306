import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import type { FileIO } from '../../storage/file-io.ts';
import { fileKey } from '../deletes/file-identity.ts';
import { loadManifest, loadManifestList, type ReadOptions } from '../manifest/load-manifests.ts';

/**
 * Collects the files that versions of tables are made of: metadata with its log, manifest lists, manifests, data and
 * delete files, statistics. What several versions share is read once.
 */
export class ReachedFiles {
  readonly #keys = new Set<string>();
  readonly #lists = new Set<string>();
  readonly #manifests = new Set<string>();
  readonly #io: FileIO;
  readonly #options: ReadOptions;

  constructor(io: FileIO, options: ReadOptions = {}) {
    this.#io = io;
    this.#options = options;
  }

  /** As fileKey makes them, without scheme and host. */
  get keys(): ReadonlySet<string> {
    return this.#keys;
  }

  addFile(location: string): void {
    this.#keys.add(fileKey(location));
  }

  /** @throws FILE_NOT_FOUND, CORRUPT_METADATA, CORRUPT_FILE: what a file names that can't be read is not known to be reached */
  async addTable(metadata: TableMetadata, metadataLocation: string): Promise<void> {
    this.addFile(metadataLocation);
    for (const { metadataFile } of metadata.metadataLog) this.addFile(metadataFile);
    for (const { json } of [...metadata.statistics, ...metadata.partitionStatistics]) {
      const location = json['statistics-path'];
      if (typeof location === 'string') this.addFile(location);
    }
    for (const snapshot of metadata.snapshots) {
      const list = snapshot.manifestList ?? `${metadata.tableUuid} ${snapshot.snapshotId}`;
      if (this.#lists.has(list)) continue;
      if (snapshot.manifestList !== undefined) this.addFile(snapshot.manifestList);
      for (const manifest of await loadManifestList(this.#io, snapshot, this.#options)) {
        if (this.#manifests.has(manifest.manifestPath)) continue;
        this.addFile(manifest.manifestPath);
        for (const { status, dataFile } of await loadManifest(this.#io, manifest, this.#options))
          if (status !== 'deleted') this.addFile(dataFile.filePath);
        this.#manifests.add(manifest.manifestPath);
      }
      this.#lists.add(list);
    }
  }
}
