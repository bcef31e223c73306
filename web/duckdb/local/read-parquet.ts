import { DataType, Field, RecordBatchStreamWriter, Schema, tableFromIPC, tableToIPC } from 'apache-arrow';
import type { ParquetFile, RecordBatch } from 'parquet-wasm';
import type { LocalReply } from './local-protocol.ts';

const BATCH_ROWS = 122_880;
/** Names by which the reader can be told which columns to decode: a dot is the way into a column, to it. */
const PLAIN = /^[ -\-/-~]+$/;

/** The columns of a Parquet file and how many rows it has. Frees the file. */
export function parquetColumns(file: ParquetFile): Extract<LocalReply, { kind: 'columns' }> {
  try {
    const { schema } = tableFromIPC(file.schema().intoIPCStream());
    return { kind: 'columns', ...namedByPlace(schema), types: null, rows: rowsOf(file) };
  } finally {
    file.free();
  }
}

/** Rows of some columns, in this order. Frees the file. */
export async function* parquetChunks(
  file: ParquetFile,
  places: readonly number[],
): AsyncGenerator<Extract<LocalReply, { kind: 'chunk' }>> {
  try {
    const { schema } = tableFromIPC(file.schema().intoIPCStream());
    const all = schema.fields.map(({ name }) => name);
    const wanted = places.map((place) => all[place] ?? '');
    const tellable = wanted.every((name) => PLAIN.test(name)) && new Set(all).size === all.length;
    // What it decodes has the file's order.
    const decoded = tellable ? all.filter((name) => wanted.includes(name)) : all;
    const stream: ReadableStream<RecordBatch> = await file.stream({
      ...(tellable ? { columns: decoded } : {}),
      batchSize: BATCH_ROWS,
    });
    for await (const batch of stream) {
      const rows = batch.numRows;
      const table = tableFromIPC(batch.intoIPCStream());
      const chosen = table.selectAt(
        places.map((place) => (tellable ? decoded.indexOf(all[place] ?? '') : place)),
      );
      yield { kind: 'chunk', ipc: tableToIPC(chosen, 'stream') as Uint8Array<ArrayBuffer>, rows };
    }
  } finally {
    file.free();
  }
}

/** Names of columns, and an Arrow IPC stream without rows that calls them c0, c1… */
export function namedByPlace(schema: Schema): { names: readonly string[]; schema: Uint8Array<ArrayBuffer> } {
  const renamed = new Schema(
    schema.fields.map(({ type }, at) => {
      // A dictionary would have to come along, and DuckDB takes what comes by it for its values anyway.
      const plain: DataType = DataType.isDictionary(type) ? type.dictionary : type;
      return new Field(`c${at}`, plain, true);
    }),
  );
  const writer = new RecordBatchStreamWriter();
  writer.reset(undefined, renamed);
  writer.finish();
  return {
    names: schema.fields.map(({ name }) => name),
    schema: writer.toUint8Array(true) as Uint8Array<ArrayBuffer>,
  };
}

function rowsOf(file: ParquetFile): number {
  const metadata = file.metadata();
  const ofFile = metadata.fileMetadata();
  try {
    return ofFile.numRows();
  } finally {
    ofFile.free();
    metadata.free();
  }
}
