import { LRUCache } from 'lru-cache';
import { AppError } from '#shared/errors/app-error.ts';
import { readDeletionVector } from '../../iceberg/deletes/deletion-vector.ts';
import { sameFile } from '../../iceberg/deletes/file-identity.ts';
import { PositionSet } from '../../iceberg/deletes/position-set.ts';
import type { DataFile } from '../../iceberg/manifest/data-file.ts';
import { relocate } from '../../iceberg/metadata/relocation.ts';
import type { FileIO } from '../../storage/file-io.ts';
import type { FileOpener, OpenOptions } from '../files/open-files.ts';
import type { ExecutableFile } from '../execute/scan-view.ts';
import type { ServerEngine } from '../execute/server-engine.ts';
import { equalityWork, findEqualRows } from './equality-deletes.ts';
import type { FileDeletes } from './file-deletes.ts';
import { readPositionDeletes } from './position-delete-file.ts';
import { positionsBytes } from './positions-bytes.ts';
import { SharedWork } from './shared-work.ts';

type ByLocation = ReadonlyMap<string, PositionSet>;

/** About what a map's entry takes beside its content. */
const ENTRY_BYTES = 200;

export interface DeletedFinderOptions {
  readonly io: FileIO;
  readonly opener: FileOpener;
  readonly engine: Pick<ServerEngine, 'json' | 'integers'>;
  /** About how much memory the content of position delete files may take between uses. */
  readonly cacheBytes: number;
}

/** Finds the deleted rows of data files in what says so. */
export class DeletedFinder {
  readonly #io: FileIO;
  readonly #opener: FileOpener;
  readonly #engine: Pick<ServerEngine, 'json' | 'integers'>;
  /** A file that deletes rows of many data files is read once for all of them. */
  readonly #positionFiles: LRUCache<string, ByLocation>;
  readonly #reading = new SharedWork<ByLocation>();

  constructor({ io, opener, engine, cacheBytes }: DeletedFinderOptions) {
    this.#io = io;
    this.#opener = opener;
    this.#engine = engine;
    this.#positionFiles = new LRUCache({
      maxSize: cacheBytes,
      maxEntrySize: cacheBytes,
      sizeCalculation: bytesOf,
    });
  }

  /** One set for each data file. @throws as DeletedRows.of */
  async find(inputs: readonly FileDeletes[], signal: AbortSignal): Promise<readonly PositionSet[]> {
    const found = await Promise.all(inputs.map(async (input) => this.#byPosition(input, signal)));
    for (const { data, ...work } of equalityWork(inputs)) {
      const options = { types: work.columns.map(({ column }) => column.type), signal };
      const sets = await findEqualRows({
        ...work,
        engine: this.#engine,
        data: await Promise.all(
          data.map(async (index) => this.#dataFile(inputs[index] as FileDeletes, options)),
        ),
        deletes: await Promise.all(work.deletes.map(async ({ file }) => this.#open(file, options))),
        dataNumbers: data.map((index) => (inputs[index] as FileDeletes).sequenceNumber),
        deleteNumbers: work.deletes.map(({ sequenceNumber }) => sequenceNumber),
        signal,
      });
      for (const [at, index] of data.entries())
        found[index] = (found[index] ?? PositionSet.EMPTY).union(sets[at] ?? PositionSet.EMPTY);
    }
    return found;
  }

  async #byPosition(input: FileDeletes, signal: AbortSignal): Promise<PositionSet> {
    let found = PositionSet.EMPTY;
    for (const { file } of input.deletes) {
      if (file.content === 'equality-deletes') continue;
      const positions = await this.#positionsIn(file, input.file, signal);
      assertInside(positions, input.file, file);
      found = found.union(positions);
    }
    return found;
  }

  async #positionsIn(file: DataFile, data: DataFile, signal: AbortSignal): Promise<PositionSet> {
    if (file.fileFormat === 'PUFFIN') return readDeletionVector({ io: this.#io, file, signal });
    let found = PositionSet.EMPTY;
    for (const [location, positions] of await this.#positionFile(file, signal))
      if (sameFile(relocate(location, file.relocation), data.filePath)) found = found.union(positions);
    return found;
  }

  async #positionFile(file: DataFile, signal: AbortSignal): Promise<ByLocation> {
    const known = this.#positionFiles.get(file.filePath);
    if (known !== undefined) return known;
    return this.#reading.run(
      file.filePath,
      async (either) => {
        const opened = await this.#open(file, { signal: either });
        const found = await readPositionDeletes({ engine: this.#engine, file, opened, signal: either });
        this.#positionFiles.set(file.filePath, found);
        return found;
      },
      signal,
    );
  }

  async #dataFile({ file, constants }: FileDeletes, options: OpenOptions): Promise<ExecutableFile> {
    return { ...(await this.#open(file, options)), ...(constants === null ? {} : { constants }) };
  }

  async #open(
    { filePath, fileFormat, recordCount }: DataFile,
    options: OpenOptions,
  ): Promise<ExecutableFile> {
    return { ...(await this.#opener.open(filePath, fileFormat, options)), rows: Number(recordCount) };
  }
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

function bytesOf(found: ByLocation): number {
  let bytes = ENTRY_BYTES;
  for (const [location, positions] of found)
    bytes += ENTRY_BYTES + location.length + positionsBytes(positions);
  return bytes;
}
