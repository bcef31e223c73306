import { LRUCache } from 'lru-cache';
import { isAbortError } from '#shared/errors/app-error.ts';
import type { FileReader } from '../../storage/file-io.ts';
import type { BoundKind } from './parquet-bounds.ts';
import { rowGroupsIn } from './row-group-facts.ts';

/** What a Parquet file's footer says of one row group. */
export interface RowGroup {
  readonly rows: number;
  /** Compressed bytes of a column with all that is nested in it, by field id. */
  readonly bytes: ReadonlyMap<number, number>;
  /** Of columns that are no structs, lists or maps, by field id. */
  readonly facts: ReadonlyMap<number, ColumnFacts>;
}

/** Bounds are in the single-value form of the Iceberg spec, and absent where the file has none that can be relied on. */
export interface ColumnFacts {
  readonly kind: BoundKind;
  /** Of decimals. */
  readonly scale: number;
  readonly nulls?: bigint;
  readonly lower?: Uint8Array;
  readonly upper?: Uint8Array;
}

/** The row groups of a Parquet file, in its order; null where they are not known. */
export interface RowGroupSource {
  rowGroups(location: string, fileBytes: number, signal?: AbortSignal): Promise<readonly RowGroup[] | null>;
}

const MAGIC = 'PAR1';
/** The footer's length and the magic. */
const TAIL = 8;
/** Read at once: footers of most files are smaller. */
const GUESS = 64 * 1024;
/** A longer footer takes longer to read than it saves. */
const MAX_FOOTER = 16 * 1024 * 1024;
/** Of footers whose row groups are remembered, which take about as much. */
const REMEMBERED_BYTES = 64 * 1024 * 1024;
/** What an entry takes at least. */
const ENTRY_BYTES = 512;
/** A file elsewhere that is smaller is fetched as fast as its footer. */
const LEAST_FETCHED = 8 * 1024 * 1024;

interface Known {
  readonly groups: readonly RowGroup[] | null;
  readonly bytes: number;
}

/** Row groups by their file's location. Data files never change, so each footer is read once. */
export class RowGroupCache implements RowGroupSource {
  readonly #io: Pick<FileReader, 'read' | 'localPath'>;
  readonly #known = new LRUCache<string, Known>({
    maxSize: REMEMBERED_BYTES,
    sizeCalculation: ({ bytes }) => ENTRY_BYTES + bytes,
  });

  constructor(io: Pick<FileReader, 'read' | 'localPath'>) {
    this.#io = io;
  }

  /** What is wrong with a file is found where it is read. @throws AbortError */
  async rowGroups(
    location: string,
    fileBytes: number,
    signal?: AbortSignal,
  ): Promise<readonly RowGroup[] | null> {
    const known = this.#known.get(location);
    if (known) return known.groups;
    if (this.#io.localPath(location) === null && fileBytes < LEAST_FETCHED) return null;
    try {
      const footer = await this.#footer(location, signal);
      const groups = footer && rowGroupsIn(footer);
      this.#known.set(location, { groups, bytes: footer?.length ?? 0 });
      return groups;
    } catch (error) {
      if (isAbortError(error)) throw error;
      return null;
    }
  }

  async #footer(location: string, signal?: AbortSignal): Promise<Uint8Array | null> {
    const end = await this.#io.read(location, { suffix: GUESS }, signal);
    if (end.length < TAIL || new TextDecoder('latin1').decode(end.subarray(-4)) !== MAGIC) return null;
    const length = new DataView(end.buffer, end.byteOffset).getUint32(end.length - TAIL, true);
    if (length > MAX_FOOTER) return null;
    const whole = length + TAIL;
    const bytes = whole <= end.length ? end : await this.#io.read(location, { suffix: whole }, signal);
    return bytes.length < whole ? null : bytes.subarray(bytes.length - whole, bytes.length - TAIL);
  }
}
