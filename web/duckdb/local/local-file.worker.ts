/** Reads one file of this computer to Arrow, piece by piece, then ends. */
import { RecordBatchReader, Table, tableToIPC } from 'apache-arrow';
import init, { ParquetFile } from 'parquet-wasm';
import moduleUrl from 'parquet-wasm/esm/parquet_wasm_bg.wasm?url';
import { errorMessage, isAppError } from '#shared/errors/app-error.ts';
import { fileBytes } from './file-bytes.ts';
import type { LocalReply, LocalRequest } from './local-protocol.ts';
import { readJson } from './read-json.ts';
import { namedByPlace, parquetChunks, parquetColumns } from './read-parquet.ts';

async function read(request: LocalRequest): Promise<void> {
  const { file } = request;
  if (request.kind === 'rows') {
    if (request.format === 'json') await passJson(request);
    else await passArrow(file);
  } else {
    await init({ module_or_path: moduleUrl });
    const parquet = await ParquetFile.fromFile(file);
    if (request.kind === 'parquet-schema') reply(parquetColumns(parquet));
    else for await (const chunk of parquetChunks(parquet, request.columns)) pass(chunk);
  }
  reply({ kind: 'done' });
}

async function passJson({ file, gzipped }: Extract<LocalRequest, { kind: 'rows' }>): Promise<void> {
  // It is read twice, and each time is half of the work.
  let turns = 0;
  const open = () => {
    const before = (turns * file.size) / 2;
    turns += 1;
    return texts(fileBytes(file, gzipped, (done) => reply({ kind: 'progress', done: before + done / 2 })));
  };
  for await (const piece of readJson(open)) pass(piece);
}

async function* texts(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  for await (const piece of bytes) yield decoder.decode(piece, { stream: true });
  yield decoder.decode();
}

async function passArrow(file: File): Promise<void> {
  const reader = await RecordBatchReader.from(
    fileBytes(file, false, (done) => reply({ kind: 'progress', done })),
  );
  await reader.open();
  reply({ kind: 'columns', ...namedByPlace(reader.schema), types: null, rows: null });
  for await (const batch of reader) {
    const ipc = tableToIPC(new Table(batch), 'stream') as Uint8Array<ArrayBuffer>;
    pass({ kind: 'chunk', ipc, rows: batch.numRows });
  }
}

function pass(message: LocalReply): void {
  reply(message, message.kind === 'chunk' ? [message.ipc.buffer] : []);
}

function reply(message: LocalReply, transfer: Transferable[] = []): void {
  self.postMessage(message, { transfer });
}

self.addEventListener('message', (event: MessageEvent<LocalRequest>) => {
  read(event.data).catch((error: unknown) => {
    const line = isAppError(error) ? error.context['line'] : null;
    reply({ kind: 'failed', message: errorMessage(error), line: typeof line === 'number' ? line : null });
  });
});
