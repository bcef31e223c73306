import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import type { FileIO } from '../../storage/file-io.ts';
import type { ManifestEntry, ManifestFile } from '../manifest/data-file.ts';
import { loadManifest, loadManifestList, type ReadOptions } from '../manifest/load-manifests.ts';
import { currentSnapshot } from '../metadata/lookup.ts';
import { fileKeyOf } from '../transaction/file-key.ts';
import { isLive } from '../transaction/snapshot-scratch.ts';

/** Live files of a table version, by fileKeyOf. */
export type LiveFiles = ReadonlyMap<string, ManifestEntry>;

/** Which files one side has that the base has not, and the other way round; data and delete files. */
export interface FileChanges {
  readonly added: LiveFiles;
  readonly removed: LiveFiles;
}

const CONCURRENCY = 8;

/** The files of a table version, of which manifests that versions share are read once. */
export class FileState {
  readonly #io: FileIO;
  readonly #options: ReadOptions;
  readonly #entries: Map<string, Promise<readonly ManifestEntry[]>>;
  readonly manifests: readonly ManifestFile[];

  private constructor(
    io: FileIO,
    options: ReadOptions,
    entries: Map<string, Promise<readonly ManifestEntry[]>>,
    manifests: readonly ManifestFile[],
  ) {
    this.#io = io;
    this.#options = options;
    this.#entries = entries;
    this.manifests = manifests;
  }

  /**
   * @param versions null: a table that is not there, and has no files
   * @throws as loadManifestList
   */
  static async openAll<K extends string>(
    io: FileIO,
    versions: Readonly<Record<K, TableMetadata | null>>,
    options: ReadOptions,
  ): Promise<Readonly<Record<K, FileState>>> {
    const entries = new Map<string, Promise<readonly ManifestEntry[]>>();
    const opened = await Promise.all(
      Object.entries<TableMetadata | null>(versions).map(async ([name, metadata]) => {
        const snapshot = metadata === null ? undefined : currentSnapshot(metadata);
        const manifests = snapshot === undefined ? [] : await loadManifestList(io, snapshot, options);
        return [name, new FileState(io, options, entries, manifests)] as const;
      }),
    );
    return Object.fromEntries(opened) as Record<K, FileState>;
  }

  get mayHaveDeletes(): boolean {
    return this.manifests.some(
      ({ content, addedFilesCount, existingFilesCount }) =>
        content === 'deletes' && (addedFilesCount !== 0 || existingFilesCount !== 0),
    );
  }

  async live(manifests = this.manifests): Promise<LiveFiles> {
    const live = new Map<string, ManifestEntry>();
    for (let start = 0; start < manifests.length; start += CONCURRENCY) {
      const batch = manifests.slice(start, start + CONCURRENCY);
      for (const entries of await Promise.all(batch.map(async (manifest) => this.#load(manifest))))
        for (const entry of entries) if (isLive(entry)) live.set(fileKeyOf(entry.dataFile), entry);
    }
    return live;
  }

  /** What came after another version; reads only the manifests that one of them has and the other has not. */
  async since(base: FileState): Promise<FileChanges> {
    const [before, after] = await Promise.all([
      base.live(without(base.manifests, this.manifests)),
      this.live(without(this.manifests, base.manifests)),
    ]);
    return { added: difference(after, before), removed: difference(before, after) };
  }

  #load(manifest: ManifestFile): Promise<readonly ManifestEntry[]> {
    // One manifest may be listed with two sequence numbers, which its entries inherit.
    const key = `${manifest.manifestPath} ${manifest.sequenceNumber}`;
    const known = this.#entries.get(key) ?? loadManifest(this.#io, manifest, this.#options);
    this.#entries.set(key, known);
    return known;
  }
}

function without(
  manifests: readonly ManifestFile[],
  others: readonly ManifestFile[],
): readonly ManifestFile[] {
  const known = new Set(others.map(({ manifestPath }) => manifestPath));
  return manifests.filter(({ manifestPath }) => !known.has(manifestPath));
}

function difference(files: LiveFiles, others: LiveFiles): LiveFiles {
  return new Map([...files].filter(([key]) => !others.has(key)));
}

export function ofContent(files: LiveFiles, content: 'data' | 'deletes'): readonly ManifestEntry[] {
  return [...files.values()].filter(({ dataFile }) => (dataFile.content === 'data') === (content === 'data'));
}
