import type { KeptPiece, KeptStore } from './kept-store.ts';

/** After the last piece came: keeping costs as much as fetching did, and a query waits for what else is computed. */
const IDLE_MS = 500;
/** Of pieces that wait; with more, they are kept at once. */
const MOST_BYTES = 64 * 1024 ** 2;

export interface FetchedFile {
  readonly url: string;
  /** Of the whole file. */
  readonly size: number;
}

export type FetchedPiece = Pick<KeptPiece, 'start' | 'bytes'>;

interface Waiting {
  readonly size: number;
  readonly pieces: FetchedPiece[];
}

/**
 * Gives a store what was fetched once nothing more comes for a moment, the pieces of a file together. What it can't
 * keep is lost, as is what waits when the page ends: it only ever spares a request.
 */
export class KeepLater {
  readonly #store: Pick<KeptStore, 'keep'>;
  #waiting = new Map<string, Waiting>();
  #bytes = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #saving: Promise<void> = Promise.resolve();

  constructor(store: Pick<KeptStore, 'keep'>) {
    this.#store = store;
  }

  /** @param piece must stay as it is */
  add({ url, size }: FetchedFile, piece: FetchedPiece): void {
    const waiting = this.#waiting.get(url) ?? { size, pieces: [] };
    waiting.pieces.push(piece);
    this.#waiting.set(url, waiting);
    this.#bytes += piece.bytes.length;
    clearTimeout(this.#timer);
    if (this.#bytes >= MOST_BYTES) void this.flush();
    else this.#timer = setTimeout(() => void this.flush(), IDLE_MS);
  }

  /** Drops what waits. */
  clear(): void {
    clearTimeout(this.#timer);
    this.#waiting = new Map();
    this.#bytes = 0;
  }

  /** Until all is kept, or could not be. */
  flush(): Promise<void> {
    const waiting = this.#waiting;
    this.clear();
    const save = async () => {
      for (const [url, { size, pieces }] of waiting) {
        // A store that fails with one file may still take the next.
        await this.#keep(url, size, pieces).catch(() => undefined);
      }
    };
    return (this.#saving = this.#saving.then(save));
  }

  async #keep(url: string, size: number, pieces: readonly FetchedPiece[]): Promise<void> {
    const summed: KeptPiece[] = [];
    for (const { start, bytes } of pieces) summed.push({ start, bytes, sum: await sumOf(bytes) });
    await this.#store.keep({ url, size }, summed);
  }
}

/** SHA-256 in hex; null where the browser computes none, on a page that is not secure. */
export async function sumOf(bytes: Uint8Array<ArrayBuffer>): Promise<string | null> {
  const subtle = (globalThis.crypto as Partial<Crypto> | undefined)?.subtle;
  if (!subtle) return null;
  const digest = new Uint8Array(await subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
