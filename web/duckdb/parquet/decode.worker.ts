/** Fetches the byte ranges of some columns of a Parquet file and decodes them to Arrow, piece by piece. */
import init, { ParquetFile, wasmMemory } from 'parquet-wasm';
import moduleUrl from 'parquet-wasm/esm/parquet_wasm_bg.wasm?url';
import { onCleared, openBrowserStore } from '../kept/browser-store.ts';
import { KeepLater } from '../kept/keep-later.ts';
import { KeptFile } from '../kept/kept-file.ts';
import { holdLife } from '../worker-life.ts';
import { decodeFile } from './decode-file.ts';
import type { Chunk, DecodeReply, DecodeRequest } from './decode-protocol.ts';
import { DecodeFailures } from './decode-failure.ts';
import { DecoderStart } from './decoder-start.ts';
import { fetchPositions } from './fetch-positions.ts';
import type { LineMessage } from './fetch-protocol.ts';
import { LineFetch } from './line-fetch.ts';
import { footerBytes } from './narrow-decimals.ts';
import { rehearsalFile } from './rehearsal-file.ts';
import { answerFromTail, fetchTail, type Tail } from './tail.ts';

/** Room for the footer of a file of a hundred columns and row groups. */
const TAIL_BYTES = 64 * 1024;
/** Files up to this are fetched in one go: a request costs more than what it would save. */
const WHOLE_FILE_BYTES = 512 * 1024;

const decoder = new DecoderStart(async () => init({ module_or_path: moduleUrl }));
const line = new LineFetch();
const store = openBrowserStore();
const later = new KeepLater(store);
onCleared(() => later.clear());
let file: KeptFile | null = null;
let tail: Tail | null = null;
const failures = new DecodeFailures();
let rehearsed: Uint8Array<ArrayBuffer> | null = null;

/** The reader fetches by the global name. What goes wrong is noted here, since it only passes on a text. */
self.fetch = failures.noting(async (input, options) => {
  const request = new Request(input, options);
  const known = tail && answerFromTail(tail, request.url, request.headers.get('range'));
  return known ?? (file?.fetch ?? line.fetch)(request);
});

async function decode(request: DecodeRequest): Promise<void> {
  failures.clear();
  if (request.rehearsal) await decodeRehearsal(request);
  else await decodeKept(request);
  reply({ kind: 'done' });
}

async function decodeRehearsal(request: DecodeRequest): Promise<void> {
  await decoder.ready();
  rehearsed ??= rehearsalFile();
  const { url } = request;
  await decodeFrom({ url, size: rehearsed.length, bytes: rehearsed }, request);
}

async function decodeKept(request: DecodeRequest): Promise<void> {
  file = await KeptFile.open(request.url, { store, later, network: line.fetch });
  try {
    if (request.positions) await passPositions(request, file);
    else await decodeParquet(request, file);
  } catch (error) {
    // Whatever it is that can't be read, the next try reads it from the server.
    if (file.used) await file.forget();
    throw error;
  }
}

async function passPositions({ url, columns }: DecodeRequest, from: KeptFile): Promise<void> {
  const { column, ipc, rows } = await fetchPositions(url, columns[0]?.id ?? 0, from.fetch);
  reply({ kind: 'opened', columns: [column], rows, groups: [rows] });
  // Not given away: it may still have to be kept.
  if (rows > 0) reply({ kind: 'chunk', content: ipc, rows });
}

async function decodeParquet(request: DecodeRequest, from: KeptFile): Promise<void> {
  const { url, bytes } = request;
  const [end] = await Promise.all([
    request.tail ?? wholeTail(url, bytes <= WHOLE_FILE_BYTES ? bytes : TAIL_BYTES, from.fetch),
    decoder.ready(),
  ]);
  await decodeFrom(end, request);
}

/** @param end of the file, with its whole footer */
async function decodeFrom(end: Tail, request: DecodeRequest): Promise<void> {
  const open = (from: Tail) => {
    tail = from;
    return ParquetFile.fromUrl(request.url);
  };
  try {
    const source = { tail: end, open, memory: wasmMemory };
    for await (const piece of decodeFile(source, request))
      reply(piece, piece.kind === 'chunk' ? buffersOf(piece.content) : []);
  } finally {
    tail = null;
  }
}

/** The last bytes of a file, or more where its footer is longer. */
async function wholeTail(url: string, bytes: number, get: typeof fetch): Promise<Tail> {
  const end = await fetchTail(url, bytes, get);
  const footer = footerBytes(end) ?? 0;
  return footer > end.bytes.length ? fetchTail(url, footer, get) : end;
}

function buffersOf(content: Chunk): ArrayBuffer[] {
  return content instanceof Uint8Array ? [content.buffer] : content.map(({ bytes }) => bytes.buffer);
}

function reply(message: DecodeReply, transfer: Transferable[] = []): void {
  self.postMessage(message, { transfer });
}

holdLife()
  .then((life) => reply({ kind: 'alive', life }))
  // Which the page hears.
  .catch(reportError);

self.addEventListener('message', ({ data }: MessageEvent<DecodeRequest | LineMessage>) => {
  if ('kind' in data) line.connect(data.port);
  else answer(data);
});

function answer(request: DecodeRequest): void {
  decode(request).catch((error: unknown) => reply(failures.replyTo(error)));
}

// The reader may break down where a fetch fails under it, rather than say so.
self.addEventListener('error', (event) => {
  const failed = failures.replyToBreakdown();
  if (failed === null) return;
  event.preventDefault();
  reply(failed);
});
