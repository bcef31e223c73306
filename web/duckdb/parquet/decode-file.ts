import { tableFromIPC, tableToIPC } from 'apache-arrow';
import type { ParquetFile, RecordBatch } from 'parquet-wasm';
import type { DecodeReply, DecodeRequest, FoundColumn } from './decode-protocol.ts';
import { findColumns } from './find-columns.ts';

/** Rows a piece holds at most: a row group as DuckDB writes them, some MB decoded. */
const BATCH_ROWS = 122_880;
/** Row groups fetched ahead of the one being decoded. */
const CONCURRENCY = 4;

/** The columns asked for that a file has, and their rows, piece by piece. Frees the file. @throws as findColumns */
export async function* decodeFile(
  file: ParquetFile,
  request: Pick<DecodeRequest, 'columns' | 'nameMapping' | 'rowGroups'>,
): AsyncGenerator<Extract<DecodeReply, { kind: 'opened' | 'chunk' }>> {
  try {
    const columns = findColumns(schemaOf(file), request);
    const { rows, leaves } = layoutOf(file);
    yield { kind: 'opened', columns, rows };
    if (columns.length === 0 || rows === 0) return;
    const select = selectorOf(columns, leaves);
    const stream: ReadableStream<RecordBatch> = await file.stream({
      ...(select === null ? {} : { columns: [...select] }),
      ...(request.rowGroups ? { rowGroups: [...request.rowGroups] } : {}),
      batchSize: BATCH_ROWS,
      concurrency: CONCURRENCY,
    });
    for await (const batch of stream) {
      const rowsInIt = batch.numRows;
      const ipc = batch.intoIPCStream() as Uint8Array<ArrayBuffer>;
      yield { kind: 'chunk', ipc: select === null ? onlyColumns(ipc, columns) : ipc, rows: rowsInIt };
    }
  } finally {
    file.free();
  }
}

/**
 * How to tell the reader which columns to decode; null where it can't be told, and decodes all.
 *
 * It is told by the paths of all their leaves, dots between their parts. What it is told also stands for every path that
 * goes on with a dot, which is another column where a name has a dot in it; and looking for that dot, it breaks down
 * where what it is told has a letter beyond ASCII.
 */
function selectorOf(
  columns: readonly FoundColumn[],
  leaves: readonly (readonly string[])[],
): readonly string[] | null {
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

function layoutOf(file: ParquetFile): { rows: number; leaves: readonly (readonly string[])[] } {
  const metadata = file.metadata();
  const ofFile = metadata.fileMetadata();
  try {
    const rows = ofFile.numRows();
    return { rows, leaves: metadata.numRowGroups() === 0 ? [] : leavesOf(metadata.rowGroup(0)) };
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
