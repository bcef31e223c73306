import { WholeResponse } from '../whole-response.ts';
import { sumOf, type KeepLater } from './keep-later.ts';
import type { KeptOutline, KeptStore } from './kept-store.ts';

/** A half-open range of bytes. */
interface ByteRange {
  readonly start: number;
  readonly end: number;
}

export interface KeptSource {
  readonly store: KeptStore;
  /** Has it kept what was fetched. */
  readonly later: KeepLater;
  readonly network: typeof fetch;
}

/**
 * Fetches parts of one data file: from what an earlier visit kept of it, else from the server, and has them kept. A
 * failure of the store is none of the fetch's.
 */
export class KeptFile {
  readonly #url: string;
  readonly #store: KeptStore;
  readonly #later: KeepLater;
  readonly #network: typeof fetch;
  #outline: KeptOutline | null;
  #used = false;

  private constructor(url: string, { store, later, network }: KeptSource, outline: KeptOutline | null) {
    this.#url = url;
    this.#store = store;
    this.#later = later;
    this.#network = network;
    this.#outline = outline;
  }

  static async open(url: string, source: KeptSource): Promise<KeptFile> {
    return new KeptFile(url, source, await source.store.outline(url).catch(() => null));
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
    const bytes = await response.arrayBuffer();
    const place = placeOf(response, bytes.byteLength);
    if (place)
      this.#later.add(
        { url: this.#url, size: place.size },
        { start: place.start, bytes: new Uint8Array(bytes) },
      );
    const contentRange = response.headers.get('content-range');
    return new WholeResponse({ url: this.#url, status: response.status, contentRange, bytes });
  };

  /** Drops what is kept of the file, which turned out to be damaged. */
  async forget(): Promise<void> {
    this.#outline = null;
    await this.#store.forget(this.#url).catch(() => undefined);
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
    const part = bytes.slice(start - piece.start, end - piece.start).buffer;
    return new WholeResponse({
      url: this.#url,
      status: asked === null ? 200 : 206,
      contentRange: asked === null ? null : `bytes ${start}-${end - 1}/${size}`,
      bytes: part,
    });
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
