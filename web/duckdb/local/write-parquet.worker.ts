/** Turns Arrow IPC streams into Parquet files, one after the other. */
import init, { Compression, Table, writeParquet, WriterPropertiesBuilder } from 'parquet-wasm';
import moduleUrl from 'parquet-wasm/esm/parquet_wasm_bg.wasm?url';
import { errorMessage } from '#shared/errors/app-error.ts';
import type { WriteReply, WriteRequest } from './write-protocol.ts';

const ready = init({ module_or_path: moduleUrl });

async function write({ ipc }: WriteRequest): Promise<WriteReply> {
  await ready;
  const properties = new WriterPropertiesBuilder().setCompression(Compression.ZSTD).build();
  const table = Table.fromIPCStream(ipc);
  let rows = 0;
  for (const batch of table.recordBatches()) {
    rows += batch.numRows;
    batch.free();
  }
  return { kind: 'written', bytes: writeParquet(table, properties) as Uint8Array<ArrayBuffer>, rows };
}

self.addEventListener('message', ({ data }: MessageEvent<WriteRequest>) => {
  write(data)
    .catch((error: unknown): WriteReply => ({ kind: 'failed', message: errorMessage(error) }))
    .then((reply) =>
      self.postMessage(reply, reply.kind === 'written' ? { transfer: [reply.bytes.buffer] } : {}),
    )
    .catch(reportError);
});
