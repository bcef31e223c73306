/** Fetches the byte ranges of some columns of a Parquet file and decodes them to Arrow, piece by piece. */
import init, { ParquetFile, type RecordBatch } from 'parquet-wasm';
import moduleUrl from 'parquet-wasm/esm/parquet_wasm_bg.wasm?url';
import type { DecodeReply, DecodeRequest } from './decode-protocol.ts';
import { answerFromTail, FetchFailure, fetchTail, type Tail } from './tail.ts';

/** Rows a piece holds at most: a row group as DuckDB writes them, some MB decoded. */
const BATCH_ROWS = 122_880;
/** Row groups fetched ahead of the one being decoded. */
const CONCURRENCY = 4;
/** Room for the footer of a file of a hundred columns and row groups. */
const TAIL_BYTES = 64 * 1024;
/** Files up to this are fetched in one go: a request costs more than what it would save. */
const WHOLE_FILE_BYTES = 512 * 1024;

const ready = init({ module_or_path: moduleUrl });
const network = self.fetch.bind(self);
let tail: Tail | null = null;
let failure: FetchFailure | null = null;

/** The reader fetches by the global name. What goes wrong is noted here, since it only passes on a text. */
self.fetch = async (input, options) => {
  const request = new Request(input, options);
  const known = tail && answerFromTail(tail, request.url, request.headers.get('range'));
  if (known) return known;
  try {
    const response = await network(request);
    if (!response.ok) failure ??= new FetchFailure(response.status, `status ${response.status}`);
    return response;
  } catch (error) {
    failure ??= new FetchFailure(0, String(error));
    throw error;
  }
};

async function decode({ url, bytes, columns }: DecodeRequest): Promise<void> {
  failure = null;
  [tail] = await Promise.all([
    fetchTail(url, bytes <= WHOLE_FILE_BYTES ? bytes : TAIL_BYTES, network),
    ready,
  ]);
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
    tail = null;
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
  decode(event.data).catch((error: unknown) => {
    const cause = error instanceof FetchFailure ? error : failure;
    reply({ kind: 'failed', message: cause?.message ?? String(error), status: cause?.status ?? null });
  });
});
