import { tableFromIPC, tableToIPC } from 'apache-arrow';
import type { ParquetFile, RecordBatch } from 'parquet-wasm';
import { AppError } from '#shared/errors/app-error.ts';
import type { Chunk, DecodeReply, DecodeRequest, FoundColumn } from './decode-protocol.ts';
import { findColumns } from './find-columns.ts';
import { copyFlatBatch, type FlatBatch } from './flat-batch.ts';
import { narrowDecimals } from './narrow-decimals.ts';
import type { Tail } from './tail.ts';

/** Decoded at a time at most. A row group as DuckDB writes them, or a little more, comes in one piece. */
const BATCH_ROWS = 131_072;
/** Of a row group in DuckDB's tables: as many at least are taken in without being copied once more. */
const CHUNK_ROWS = 122_880;
/** Row groups fetched ahead of the one being decoded. */
const CONCURRENCY = 4;

export interface ParquetSource {
  /** With the whole footer. */
  readonly tail: Tail;
  /** Reads the file's end from there. */
  readonly open: (tail: Tail) => Promise<ParquetFile>;
  /** Of the decoder. */
  readonly memory: () => WebAssembly.Memory;
}

type Asked = Pick<DecodeRequest, 'columns' | 'nameMapping' | 'rowGroups' | 'share'>;
type Selector = readonly string[] | null;

interface Opened {
  readonly file: ParquetFile;
  readonly columns: readonly FoundColumn[];
  readonly select: Selector;
  /** Decimals come as integers. */
  readonly isNarrowed: boolean;
  readonly rows: number;
  /** Of each row group. */
  readonly groups: readonly number[];
}

/** The columns asked for that a file has, and their rows, piece by piece. @throws as findColumns */
export async function* decodeFile(
  source: ParquetSource,
  request: Asked,
): AsyncGenerator<Extract<DecodeReply, { kind: 'opened' | 'chunk' }>> {
  const { file, columns, select, isNarrowed, rows, groups } = await openFor(source, request);
  try {
    const { share = { of: 1, from: 0 } } = request;
    const numbers = request.rowGroups ?? [...groups.keys()];
    yield {
      kind: 'opened',
      columns,
      rows,
      groups: numbers.map((number) => groups[number] ?? 0),
      ...(share.of > 1 && share.from === 0 ? { tail: source.tail } : {}),
    };
    const rowGroups = numbers.filter((_, at) => at % share.of === share.from);
    if (columns.length === 0 || rowGroups.length === 0) return;
    const stream: ReadableStream<RecordBatch> = await file.stream({
      ...(select === null ? {} : { columns: [...select] }),
      rowGroups,
      batchSize: BATCH_ROWS,
      concurrency: CONCURRENCY,
    });
    const gathered = new Gathered(rowGroups.map((number) => groups[number] ?? 0));
    for await (const batch of stream) {
      const rowsInIt = batch.numRows;
      const flat = select === null ? null : flatOf(batch, columns, source.memory());
      if (flat === null && isNarrowed)
        throw new AppError('CORRUPT_FILE', 'a column is of a kind that its footer does not tell');
      if (flat === null) yield { kind: 'chunk', content: ipcOf(batch, columns, select), rows: rowsInIt };
      else if (gathered.add(flat)) yield { kind: 'chunk', ...gathered.take() };
    }
  } finally {
    file.free();
  }
}

/** Batches of one row group: the decoder may give one in several. */
class Gathered {
  readonly #groups: number[];
  #batches: FlatBatch[] = [];
  #rows = 0;
  /** Of the group, still to come. */
  #left = 0;

  constructor(groups: readonly number[]) {
    this.#groups = groups.filter((rows) => rows > 0);
  }

  /** Whether it is time to take them. */
  add(batch: FlatBatch): boolean {
    if (this.#left <= 0) this.#left = this.#groups.shift() ?? 0;
    this.#left -= batch.rows;
    this.#batches.push(batch);
    this.#rows += batch.rows;
    return this.#left <= 0 || this.#rows >= CHUNK_ROWS;
  }

  take(): { readonly content: Chunk; readonly rows: number } {
    const [content, rows] = [this.#batches, this.#rows];
    this.#batches = [];
    this.#rows = 0;
    return { content, rows };
  }
}

/** Where all that is asked for is flat, decimals are read as the integers that they are stored as. */
async function openFor({ tail, open }: ParquetSource, request: Asked): Promise<Opened> {
  const narrowed = narrowDecimals(tail);
  if (narrowed) {
    const opened = openedAs(await open(narrowed.tail), narrowed.decimals, request);
    const isFlat = opened.columns.every(({ field }) => field.type.kind === 'leaf');
    if (isFlat && opened.select !== null) return opened;
    opened.file.free();
  }
  return openedAs(await open(tail), new Map(), request);
}

function openedAs(file: ParquetFile, decimals: ReadonlyMap<number, string>, request: Asked): Opened {
  try {
    const columns = findColumns(schemaOf(file), decimals, request);
    const { leaves, ...layout } = layoutOf(file);
    return { file, columns, select: selectorOf(columns, leaves), isNarrowed: decimals.size > 0, ...layout };
  } catch (error) {
    file.free();
    throw error;
  }
}

/** Null where a column is not flat. Frees the batch where it is. */
function flatOf(batch: RecordBatch, columns: readonly FoundColumn[], memory: WebAssembly.Memory) {
  const ffi = batch.toFFI();
  try {
    const address = { array: ffi.arrayAddr(), schema: ffi.schemaAddr() };
    const types = columns.map(({ field: { type } }) => (type.kind === 'leaf' ? type.sqlType : ''));
    const flat = copyFlatBatch(memory.buffer, address, types);
    if (flat !== null) batch.free();
    return flat;
  } finally {
    ffi.free();
  }
}

function ipcOf(batch: RecordBatch, columns: readonly FoundColumn[], select: Selector): Chunk {
  // Gives the batch away.
  const ipc = batch.intoIPCStream() as Uint8Array<ArrayBuffer>;
  return select === null ? onlyColumns(ipc, columns) : ipc;
}

/**
 * How to tell the reader which columns to decode; null where it can't be told, and decodes all.
 *
 * It is told by the paths of all their leaves, dots between their parts. What it is told also stands for every path that
 * goes on with a dot, which is another column where a name has a dot in it; and looking for that dot, it breaks down
 * where what it is told has a letter beyond ASCII.
 */
function selectorOf(columns: readonly FoundColumn[], leaves: readonly (readonly string[])[]): Selector {
  const names = new Set(columns.map(({ field }) => field.name));
  const wanted = leaves.filter(([name = '']) => names.has(name)).map((path) => path.join('.'));
  const others = leaves.filter(([name = '']) => !names.has(name)).map((path) => path.join('.'));
  const mistaken = wanted.some(
    (path) =>
      others.includes(path) ||
      [...wanted, ...others].some(
        (other) =>
          other !== path && other.startsWith(path) && (other[path.length] === '.' || BEYOND_ASCII.test(path)),
      ),
  );
  return mistaken ? null : wanted;
}

const BEYOND_ASCII = /[^ -~]/;

function onlyColumns(ipc: Uint8Array, columns: readonly FoundColumn[]): Uint8Array<ArrayBuffer> {
  const table = tableFromIPC(ipc).select(columns.map(({ field }) => field.name));
  return tableToIPC(table, 'stream').slice();
}

function schemaOf(file: ParquetFile): Uint8Array {
  // Gives itself away with its bytes.
  return file.schema().intoIPCStream();
}

function layoutOf(file: ParquetFile): Pick<Opened, 'rows' | 'groups'> & {
  readonly leaves: readonly (readonly string[])[];
} {
  const metadata = file.metadata();
  const ofFile = metadata.fileMetadata();
  try {
    const rows = ofFile.numRows();
    const groups = Array.from({ length: metadata.numRowGroups() }, (_, number) => {
      const group = metadata.rowGroup(number);
      try {
        return group.numRows();
      } finally {
        group.free();
      }
    });
    return { rows, groups, leaves: groups.length === 0 ? [] : leavesOf(metadata.rowGroup(0)) };
  } finally {
    ofFile.free();
    metadata.free();
  }
}

function leavesOf(rowGroup: ReturnType<ReturnType<ParquetFile['metadata']>['rowGroup']>): string[][] {
  try {
    return Array.from({ length: rowGroup.numColumns() }, (_, index) => {
      const column = rowGroup.column(index);
      try {
        return column.columnPath();
      } finally {
        column.free();
      }
    });
  } finally {
    rowGroup.free();
  }
}
