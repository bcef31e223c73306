import type { KeptOutline, KeptStore } from './kept-store.ts';

/** A half-open range of bytes. */
interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Fetches parts of one data file: from what an earlier visit kept of it, else from the server, and then keeps them. It
 * holds one range at a time in memory, and a failure of the store is none of the fetch's.
 */
export class KeptFile {
  readonly #url: string;
  readonly #store: KeptStore;
  readonly #network: typeof fetch;
  #outline: KeptOutline | null;
  #used = false;
  #saving: Promise<void> = Promise.resolve();

  private constructor(url: string, store: KeptStore, network: typeof fetch, outline: KeptOutline | null) {
    this.#url = url;
    this.#store = store;
    this.#network = network;
    this.#outline = outline;
  }

  static async open(url: string, store: KeptStore, network: typeof fetch): Promise<KeptFile> {
    return new KeptFile(url, store, network, await store.outline(url).catch(() => null));
  }

  /** Whether an answer came from what was kept. */
  get used(): boolean {
    return this.#used;
  }

  /** As fetch; a request for anything else than this file goes straight to the network. */
  readonly fetch: typeof fetch = async (input, init) => {
    const request = new Request(input, init);
    const asked = request.headers.get('range');
    if (request.url !== this.#url || request.method !== 'GET') return this.#network(request);
    const kept = await this.#fromStore(asked);
    if (kept) return kept;
    // The store keeps it; the browser's own cache need not do so once more.
    const response = await this.#network(new Request(request, { cache: 'no-store' }));
    if (response.status !== 206 && response.status !== 200) return response;
    const bytes = new Uint8Array(await response.arrayBuffer());
    const place = placeOf(response, bytes.length);
    if (place) this.#save(place.start, bytes, place.size);
    return answer(this.#url, response.status, bytes, response.headers);
  };

  /** Drops what is kept of the file, which turned out to be damaged. */
  async forget(): Promise<void> {
    this.#outline = null;
    await this.#store.forget(this.#url).catch(() => undefined);
  }

  /** Until what was fetched is kept, or could not be. */
  saved(): Promise<void> {
    return this.#saving;
  }

  async #fromStore(asked: string | null): Promise<Response | null> {
    if (!this.#outline) return null;
    const { size, ranges } = this.#outline;
    const wanted = asked === null ? { start: 0, end: size } : rangeOf(asked, size);
    const piece = wanted && ranges.find(({ start, end }) => start <= wanted.start && wanted.end <= end);
    if (!piece) return null;
    const bytes = await this.#read(piece);
    if (!bytes) return null;
    this.#used = true;
    const { start, end } = wanted;
    const part = bytes.subarray(start - piece.start, end - piece.start);
    const headers = asked === null ? {} : { 'content-range': `bytes ${start}-${end - 1}/${size}` };
    return answer(this.#url, asked === null ? 200 : 206, part, new Headers(headers));
  }

  /** Null, and all of the file forgotten, where it is not what was kept. */
  async #read({ start, end }: ByteRange): Promise<Uint8Array<ArrayBuffer> | null> {
    try {
      const piece = await this.#store.read(this.#url, start);
      if (!piece) return null;
      const whole = piece.bytes.length === end - start;
      if (whole && (piece.sum === null || piece.sum === (await sumOf(piece.bytes)))) return piece.bytes;
    } catch {
      // What can't be read is fetched.
    }
    await this.forget();
    return null;
  }

  #save(start: number, bytes: Uint8Array<ArrayBuffer>, size: number): void {
    const save = async () => {
      await this.#store.keep({ url: this.#url, start, bytes, sum: await sumOf(bytes) }, size);
    };
    this.#saving = this.#saving.then(save).catch(() => undefined);
  }
}

/** A range as readers ask for it. Null for any other. */
function rangeOf(header: string, size: number): ByteRange | null {
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(header) ?? [];
  if (from === '' && to === '') return null;
  const start = from === '' ? Math.max(0, size - Number(to)) : Number(from);
  const end = from === '' || to === '' ? size : Math.min(Number(to) + 1, size);
  return start < end ? { start, end } : null;
}

/** Where in its file the content of an answer lies; null where the answer does not say it. */
function placeOf(response: Response, length: number): { start: number; size: number } | null {
  if (response.status === 200) return { start: 0, size: length };
  const [, start, size] = /^bytes (\d+)-\d+\/(\d+)$/.exec(response.headers.get('content-range') ?? '') ?? [];
  return start === undefined || size === undefined ? null : { start: Number(start), size: Number(size) };
}

function answer(url: string, status: number, bytes: Uint8Array<ArrayBuffer>, headers: Headers): Response {
  const own = new Headers({ 'content-length': String(bytes.length) });
  const range = headers.get('content-range');
  if (range !== null) own.set('content-range', range);
  const response = new Response(bytes, { status, headers: own });
  // The reader parses the address, which a response made here has not.
  Object.defineProperty(response, 'url', { value: url });
  return response;
}

async function sumOf(bytes: Uint8Array<ArrayBuffer>): Promise<string | null> {
  // Absent on pages that are not secure.
  const subtle = (globalThis.crypto as Partial<Crypto> | undefined)?.subtle;
  if (!subtle) return null;
  const digest = new Uint8Array(await subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
