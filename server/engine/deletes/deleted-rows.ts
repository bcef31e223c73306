import { LRUCache } from 'lru-cache';
import { AppError } from '#shared/errors/app-error.ts';
import { readDeletionVector } from '../../iceberg/deletes/deletion-vector.ts';
import { sameFile } from '../../iceberg/deletes/file-identity.ts';
import { PositionSet } from '../../iceberg/deletes/position-set.ts';
import type { DataFile } from '../../iceberg/manifest/data-file.ts';
import type { FileIO } from '../../storage/file-io.ts';
import type { ServerEngine } from '../execute/server-engine.ts';
import { equalityColumns } from './equality-columns.ts';
import { findEqualRows } from './equality-deletes.ts';
import type { FileDeletes } from './file-deletes.ts';
import { readPositionDeletes } from './position-delete-file.ts';
import { SharedWork } from './shared-work.ts';

export interface DeletedRowsOptions {
  readonly io: FileIO;
  readonly engine: Pick<ServerEngine, 'json' | 'integers'>;
  /** About how much memory found positions may take. */
  readonly cacheBytes: number;
}

type Found = PositionSet | ReadonlyMap<string, PositionSet>;

/** Files with deletes that are known by key alone. */
const REMEMBERED = 200_000;
/** About what a set, a container or a map's entry takes beside its numbers. */
const OVERHEAD_BYTES = 200;

/**
 * Which rows of data files are deleted, whatever says so: deletion vectors, position delete files, equality
 * delete files. Both engines then only leave out positions. What was found is kept, since files never change.
 */
export class DeletedRows {
  readonly #io: FileIO;
  readonly #engine: Pick<ServerEngine, 'json' | 'integers'>;
  readonly #found: LRUCache<string, Found>;
  readonly #remembered = new LRUCache<string, FileDeletes>({ max: REMEMBERED });
  readonly #files = new SharedWork<PositionSet>();
  readonly #deleteFiles = new SharedWork<ReadonlyMap<string, PositionSet>>();

  constructor({ io, engine, cacheBytes }: DeletedRowsOptions) {
    this.#io = io;
    this.#engine = engine;
    this.#found = new LRUCache({ maxSize: cacheBytes, maxEntrySize: cacheBytes, sizeCalculation: bytesOf });
  }

  /** So that `byKey` finds it for a while. */
  remember(deletes: FileDeletes): void {
    this.#remembered.set(deletes.key, deletes);
  }

  byKey(key: string): FileDeletes | undefined {
    return this.#remembered.get(key);
  }

  /**
   * The deleted rows of a data file.
   *
   * @throws CORRUPT_FILE, CORRUPT_METADATA, FILE_NOT_FOUND, each naming the file that is at fault; UNSUPPORTED;
   *   what ServerEngine throws; AbortError
   */
  async of(deletes: FileDeletes, signal?: AbortSignal): Promise<PositionSet> {
    const known = this.#found.get(deletes.key);
    if (known instanceof PositionSet) return known;
    return this.#files.run(
      deletes.key,
      async (either) => {
        const positions = await this.#find(deletes, either);
        this.#found.set(deletes.key, positions);
        return positions;
      },
      signal,
    );
  }

  async #find(input: FileDeletes, signal: AbortSignal): Promise<PositionSet> {
    let found = PositionSet.EMPTY;
    for (const { file } of input.deletes) {
      if (file.content === 'equality-deletes') continue;
      const positions = await this.#positionsIn(file, input.file, signal);
      assertInside(positions, input.file, file);
      found = found.union(positions);
    }
    for (const files of byColumns(input.deletes.map(({ file }) => file)))
      found = found.union(await this.#equalTo(files, input, signal));
    return found;
  }

  async #positionsIn(file: DataFile, data: DataFile, signal: AbortSignal): Promise<PositionSet> {
    if (file.fileFormat === 'PUFFIN') return readDeletionVector({ io: this.#io, file, signal });
    let found = PositionSet.EMPTY;
    for (const [location, positions] of await this.#positionDeletes(file, signal))
      if (sameFile(location, data.filePath)) found = found.union(positions);
    return found;
  }

  /** A file that deletes rows of many data files is read once for all of them. */
  async #positionDeletes(file: DataFile, signal: AbortSignal): Promise<ReadonlyMap<string, PositionSet>> {
    const key = `file ${file.filePath}`;
    const known = this.#found.get(key);
    if (known !== undefined && !(known instanceof PositionSet)) return known;
    return this.#deleteFiles.run(
      key,
      async (either) => {
        const path = this.#localPath(file);
        const found = await readPositionDeletes({ engine: this.#engine, file, path, signal: either });
        this.#found.set(key, found);
        return found;
      },
      signal,
    );
  }

  async #equalTo(
    files: readonly DataFile[],
    { file: data, schemas, nameMapping, constants }: FileDeletes,
    signal: AbortSignal,
  ): Promise<PositionSet> {
    const executable = (file: DataFile) => ({
      path: this.#localPath(file),
      rows: Number(file.recordCount),
    });
    return findEqualRows({
      engine: this.#engine,
      data: { ...executable(data), ...(constants === null ? {} : { constants }) },
      deletes: files.map(executable),
      columns: equalityColumns(files[0] as DataFile, schemas),
      nameMapping,
      signal,
    });
  }

  #localPath({ filePath, fileFormat }: DataFile): string {
    const path = fileFormat === 'PARQUET' ? this.#io.localPath(filePath) : null;
    if (path !== null) return path;
    throw new AppError(
      'UNSUPPORTED',
      fileFormat === 'PARQUET'
        ? `The engine can't open ${filePath}: it reads local files only.`
        : `The file ${filePath} is ${fileFormat}, and deletes in such files can't be applied yet. Compact the table with the engine that wrote it.`,
      { context: { file: filePath } },
    );
  }
}

/** Equality delete files in groups that delete by the same columns. */
function byColumns(files: readonly DataFile[]): readonly (readonly DataFile[])[] {
  const groups = new Map<string, DataFile[]>();
  for (const file of files) {
    if (file.content !== 'equality-deletes') continue;
    const key = [...new Set(file.equalityIds)].sort((a, b) => a - b).join(' ');
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [file]);
    else group.push(file);
  }
  return [...groups.values()];
}

function assertInside(positions: PositionSet, data: DataFile, deletes: DataFile): void {
  const last = lastOf(positions);
  if (last === undefined || BigInt(last) < data.recordCount) return;
  throw new AppError(
    'CORRUPT_FILE',
    `The delete file ${deletes.filePath} deletes row ${last} of ${data.filePath}, which has ${data.recordCount} rows. Restore the file that belongs there, or read another snapshot.`,
    { context: { file: deletes.filePath, dataFile: data.filePath } },
  );
}

function lastOf({ containers }: PositionSet): number | bigint | undefined {
  let last;
  for (const position of new PositionSet(containers.slice(-1))) last = position;
  return last;
}

function bytesOf(found: Found): number {
  if (found instanceof PositionSet) return OVERHEAD_BYTES + setBytes(found);
  let bytes = OVERHEAD_BYTES;
  for (const [location, positions] of found) bytes += OVERHEAD_BYTES + location.length + setBytes(positions);
  return bytes;
}

function setBytes({ containers }: PositionSet): number {
  let bytes = 0;
  for (const [, container] of containers) {
    const numbers =
      container.kind === 'array'
        ? container.values
        : container.kind === 'run'
          ? container.pairs
          : container.words;
    bytes += OVERHEAD_BYTES + numbers.byteLength;
  }
  return bytes;
}
