import { LRUCache } from 'lru-cache';
import type { PositionSet } from '../../iceberg/deletes/position-set.ts';
import type { FileIO } from '../../storage/file-io.ts';
import type { ServerEngine } from '../execute/server-engine.ts';
import type { FileOpener } from '../files/open-files.ts';
import { Batches } from './batches.ts';
import type { FileDeletes } from './file-deletes.ts';
import { DeletedFinder } from './find-deleted.ts';
import { positionsBytes } from './positions-bytes.ts';
import { SharedWork } from './shared-work.ts';

export interface DeletedRowsOptions {
  readonly io: FileIO;
  readonly opener: FileOpener;
  readonly engine: Pick<ServerEngine, 'json' | 'integers'>;
  /** About how much memory found positions may take. */
  readonly cacheBytes: number;
}

/** Files with deletes that are known by key alone. */
const REMEMBERED = 200_000;
/** Of the memory, what the content of position delete files may take. */
const POSITION_FILES_SHARE = 0.25;
/** Other queries want the engine too, and a batch must end within a query's time. */
const LIMITS = {
  concurrency: 2,
  items: 256,
  weight: 20_000_000,
  weightOf: ({ file }: FileDeletes) => Number(file.recordCount),
};

/**
 * Which rows of data files are deleted, whatever says so: deletion vectors, position delete files, equality
 * delete files. Both engines then only leave out positions. What was found is kept, since files never change.
 */
export class DeletedRows {
  readonly #found: LRUCache<string, PositionSet>;
  readonly #remembered = new LRUCache<string, FileDeletes>({ max: REMEMBERED });
  readonly #looking = new SharedWork<PositionSet>();
  readonly #batches: Batches<FileDeletes, PositionSet>;

  constructor({ io, opener, engine, cacheBytes }: DeletedRowsOptions) {
    const forFiles = cacheBytes * POSITION_FILES_SHARE;
    const maxSize = cacheBytes - forFiles;
    const finder = new DeletedFinder({ io, opener, engine, cacheBytes: forFiles });
    this.#batches = new Batches((inputs, signal) => finder.find(inputs, signal), LIMITS);
    this.#found = new LRUCache({ maxSize, maxEntrySize: maxSize, sizeCalculation: positionsBytes });
  }

  /** So that `byKey` finds it for a while. */
  remember(deletes: FileDeletes): void {
    this.#remembered.set(deletes.key, deletes);
  }

  byKey(key: string): FileDeletes | undefined {
    return this.#remembered.get(key);
  }

  /**
   * The deleted rows of a data file. Files that are asked for at the same time are looked for together.
   *
   * @throws CORRUPT_FILE, CORRUPT_METADATA, FILE_NOT_FOUND, each naming the file that is at fault; UNSUPPORTED;
   *   what ServerEngine throws; AbortError
   */
  async of(deletes: FileDeletes, signal?: AbortSignal): Promise<PositionSet> {
    const known = this.#found.get(deletes.key);
    if (known !== undefined) return known;
    return this.#looking.run(
      deletes.key,
      async (either) => {
        const positions = await this.#batches.add(deletes, either);
        this.#found.set(deletes.key, positions);
        return positions;
      },
      signal,
    );
  }
}
