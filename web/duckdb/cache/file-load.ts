import { AppError } from '#shared/errors/app-error.ts';
import { duckDbTypeOfFile, shapeOfCast } from '#shared/iceberg/files/file-shape.ts';
import { projectFile } from '#shared/iceberg/files/projection.ts';
import { formatType } from '#shared/iceberg/types.ts';
import type { DecodePool, DecodePriority } from '../parquet/decode-pool.ts';
import type { Chunk, DecodeRequest, FoundColumn, OpenedFile } from '../parquet/decode-protocol.ts';
import type { Tail } from '../parquet/tail.ts';
import type { HeldColumn, Segment } from './column-cache.ts';
import { mayHaveWrapped } from './wrapped-timestamps.ts';
import { needBytes, rowsOf, rowsToRead, type FileNeed, type NeededColumn } from './needs.ts';
import { RowGroupOrder } from './row-group-order.ts';
import { bytesOf, type RowsTarget } from './table-target.ts';

/** Rows for which a worker more is worth while: a row group as DuckDB writes them. */
const SHARE_ROWS = 122_880;

/** Who waits for a load. */
export interface Waiter {
  readonly priority: DecodePriority;
  /** Compressed bytes of this load that are in, of needBytes(need). */
  readonly onBytes: (bytes: number) => void;
  /** Called once, as soon as the segment is there: it may be evicted if nobody holds it. */
  readonly hold: (segment: Segment) => void;
}

/**
 * Makes the place for a load's rows; it has to be awaited.
 *
 * @param asTheyCome whether the columns are of the very types that they come in
 */
export type OpenTarget = (columns: Segment['columns'], asTheyCome: boolean) => Promise<RowsTarget>;

interface LoadedSegment {
  readonly segment: Segment;
  /** Arrow bytes, before the cache compresses them. */
  readonly bytes: number;
}

/** Brings some columns of one file into a table of the cache. Ends early when the last who waits has left. */
export class FileLoad {
  readonly need: FileNeed;
  readonly #table: string;
  readonly #url: string;
  readonly #pool: DecodePool;
  readonly #openTarget: OpenTarget;
  readonly #waiters = new Set<Waiter>();
  readonly #stop = new AbortController();

  readonly #shares: number;

  /** @param shares how many workers may read the file at once */
  constructor(
    need: FileNeed,
    table: string,
    url: string,
    pool: DecodePool,
    openTarget: OpenTarget,
    shares: number,
  ) {
    this.need = need;
    this.#table = table;
    this.#url = url;
    this.#pool = pool;
    this.#openTarget = openTarget;
    this.#shares = Math.max(1, Math.min(shares, Math.floor(rowsToRead(need) / SHARE_ROWS)));
  }

  join(waiter: Waiter): void {
    this.#waiters.add(waiter);
  }

  leave(waiter: Waiter): void {
    this.#waiters.delete(waiter);
    if (this.#waiters.size === 0) this.#stop.abort();
  }

  handOver(segment: Segment): void {
    for (const waiter of this.#waiters) {
      waiter.onBytes(needBytes(this.need));
      waiter.hold(segment);
    }
  }

  get abandoned(): boolean {
    return this.#stop.signal.aborted;
  }

  /** @throws AppError as DecodePool.decode, CORRUPT_FILE where rows or columns are missing; AbortError */
  async run(): Promise<LoadedSegment> {
    let inserted: Promise<void> = Promise.resolve();
    let columns: Segment['columns'] = new Map();
    let target = null as RowsTarget | null;
    let [bytes, rows, arrived] = [0, 0, 0];
    const { part } = this.need;
    let expected = this.need.rows ?? 0;
    const insert = (work: () => Promise<void>) => {
      inserted = inserted.then(() => (this.abandoned ? undefined : work()));
      // Nothing more is decoded for a table that can't take it.
      inserted.catch((error: unknown) => this.#stop.abort(error));
    };
    const order = new RowGroupOrder<Chunk>(this.#shares, (content, rowsInIt) => {
      rows += rowsInIt;
      insert(async () => target?.add(content));
    });
    const open = async ({ columns: found, rows: rowsInFile }: OpenedFile) => {
      if (rowsInFile !== (this.need.rows ?? rowsInFile)) throw this.#otherRows(rowsInFile);
      expected = part ? rowsOf(part.groups) : rowsInFile;
      columns = this.#hold(found);
      if (found.length > 0) target = await this.#openTarget(columns, areAsTheyCome(found, columns));
      else rows = expected;
    };
    const others: Promise<void>[] = [];
    const decode = (from: number, tail?: Tail): Promise<void> =>
      this.#pool.decode(
        this.#request(from, tail),
        {
          opened: (file) => {
            if (from > 0) return;
            order.opened(file.groups);
            insert(() => open(file));
            for (let share = 1; share < Math.min(this.#shares, file.groups.length); share += 1)
              others.push(decode(share, file.tail));
            // What one can't read, the others need not.
            for (const other of others) other.catch((error: unknown) => this.#stop.abort(error));
          },
          chunk: (content, rowsInIt) => {
            bytes += bytesOf(content);
            arrived += rowsInIt;
            const share = expected === 0 ? 1 : Math.min(1, arrived / expected);
            for (const waiter of this.#waiters) waiter.onBytes(Math.round(share * needBytes(this.need)));
            try {
              order.add(from, content, rowsInIt);
            } catch (error) {
              this.#stop.abort(error);
            }
          },
        },
        this.#stop.signal,
        () => ([...this.#waiters].some((waiter) => waiter.priority === 0) ? 0 : 1),
      );
    try {
      await decode(0);
      await Promise.all(others);
      await inserted;
      if (rows !== expected) throw this.#otherRows(rows);
      await target?.finish();
      this.#stop.signal.throwIfAborted();
      const { file } = this.need;
      return { segment: { table: this.#table, file, rows, columns, fileBytes: needBytes(this.need) }, bytes };
    } catch (error) {
      this.#stop.abort(error);
      await inserted.catch(() => undefined);
      await target?.drop().catch(() => undefined);
      throw error;
    }
  }

  #request(from: number, tail?: Tail): DecodeRequest {
    const { bytes, nameMapping, part, positions } = this.need;
    return {
      url: this.#url,
      bytes,
      columns: [...this.need.columns].map(([id, { type }]) => ({ id, type })),
      nameMapping,
      ...(part ? { rowGroups: part.groups.map(([index]) => index) } : {}),
      ...(positions ? { positions } : {}),
      ...(this.#shares > 1 ? { share: { of: this.#shares, from } } : {}),
      ...(tail ? { tail } : {}),
    };
  }

  /**
   * How columns are held: of the table's type, if inserting them casts them to it; else as they come.
   *
   * @throws CORRUPT_FILE; UNSUPPORTED for timestamps that the decoder may spoil
   */
  #hold(found: readonly FoundColumn[]): Segment['columns'] {
    const columns = new Map<number, HeldColumn | null>();
    for (const { id, field } of found) {
      const wanted = this.need.columns.get(id);
      if (!wanted) continue;
      const projection = projectFile(field.type, wanted.type);
      if (projection.kind === 'unfit') throw this.#unfit(wanted, field.name, projection.found);
      if (mayHaveWrapped(field.type, wanted.type)) throw this.#wrapped(wanted);
      columns.set(
        id,
        projection.kind === 'cast'
          ? { sqlType: wanted.sqlType, shape: shapeOfCast(field.type, wanted.type) }
          : { sqlType: duckDbTypeOfFile(field.type), shape: field.type },
      );
    }
    for (const id of this.need.columns.keys()) if (!columns.has(id)) columns.set(id, null);
    return columns;
  }

  #otherRows(rows: number): AppError {
    return new AppError(
      'CORRUPT_FILE',
      `The file ${this.need.url} has ${rows} rows where the table’s metadata says ${this.need.rows}.`,
      { context: { path: this.need.url } },
    );
  }

  #wrapped(wanted: NeededColumn): AppError {
    return new AppError(
      'UNSUPPORTED',
      `The file ${this.need.url} has the column ${wanted.name} as old writers store timestamps, which the tab can’t read right. Run the query on the server.`,
      { context: { path: this.need.url, column: wanted.name } },
    );
  }

  #unfit(wanted: NeededColumn, name: string, found: string): AppError {
    return new AppError(
      'CORRUPT_FILE',
      `The file ${this.need.url} does not fit its table: its column "${name}" is ${found} where ${wanted.name} is ${formatType(wanted.type)}. Restore the file.`,
      { context: { path: this.need.url, column: wanted.name } },
    );
  }
}

function areAsTheyCome(found: readonly FoundColumn[], columns: Segment['columns']): boolean {
  return found.every(
    ({ id, field: { type } }) => type.kind === 'leaf' && columns.get(id)?.sqlType === type.sqlType,
  );
}
