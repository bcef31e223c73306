/** Fetches the byte ranges of some columns of a Parquet file and decodes them to Arrow, piece by piece. */
import init, { ParquetFile, type RecordBatch } from 'parquet-wasm';
import moduleUrl from 'parquet-wasm/esm/parquet_wasm_bg.wasm?url';
import type { DecodeReply, DecodeRequest } from './decode-protocol.ts';

/** Rows a piece holds at most: a row group as DuckDB writes them, some MB decoded. */
const BATCH_ROWS = 122_880;
/** Row groups fetched ahead of the one being decoded. */
const CONCURRENCY = 4;

const ready = init({ module_or_path: moduleUrl });

async function decode({ url, columns }: DecodeRequest): Promise<void> {
  await ready;
  const file = await ParquetFile.fromUrl(url);
  try {
    reply({ kind: 'opened', columns: inFileOrder(file, columns) });
    const stream: ReadableStream<RecordBatch> = await file.stream({
      columns: [...columns],
      batchSize: BATCH_ROWS,
      concurrency: CONCURRENCY,
    });
    for await (const batch of stream) {
      const rows = batch.numRows;
      const ipc = batch.intoIPCStream() as Uint8Array<ArrayBuffer>;
      reply({ kind: 'chunk', ipc, rows }, [ipc.buffer]);
    }
    reply({ kind: 'done' });
  } finally {
    file.free();
  }
}

/** What it decodes comes in the file's order, whatever the order asked for. */
function inFileOrder(file: ParquetFile, columns: readonly string[]): string[] {
  const schema = file.schema();
  try {
    const places = new Map(columns.map((name) => [name, schema.indexOf(name)]));
    return [...columns].sort((a, b) => (places.get(a) ?? 0) - (places.get(b) ?? 0));
  } finally {
    schema.free();
  }
}

function reply(message: DecodeReply, transfer: Transferable[] = []): void {
  self.postMessage(message, { transfer });
}

self.addEventListener('message', (event: MessageEvent<DecodeRequest>) => {
  decode(event.data).catch((error: unknown) => reply({ kind: 'failed', message: String(error) }));
});
