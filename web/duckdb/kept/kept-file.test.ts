// @vitest-environment node
import { beforeEach, describe, expect, it } from 'vitest';
import { KeepLater } from './keep-later.ts';
import { KeptFile } from './kept-file.ts';
import type { KeptPiece, KeptStore } from './kept-store.ts';

const URL_OF_FILE = 'http://host/data/a.parquet';
const CONTENT = Uint8Array.from({ length: 100 }, (_, at) => at);

const part = (from: number, to?: number) => Array.from(CONTENT.slice(from, to));

/** What a browser's store does, in a map. */
class MemoryStore implements KeptStore {
  readonly pieces = new Map<number, KeptPiece>();
  size = 0;
  broken = false;

  async outline() {
    if (this.broken) throw new DOMException('no store here', 'SecurityError');
    if (this.pieces.size === 0) return null;
    const ranges = [...this.pieces.values()].map(({ start, bytes }) => ({
      start,
      end: start + bytes.length,
    }));
    return { size: this.size, ranges };
  }
  async read(_url: string, start: number) {
    return this.pieces.get(start) ?? null;
  }
  async keep({ size }: { size: number }, pieces: readonly KeptPiece[]) {
    if (this.broken) throw new DOMException('full', 'QuotaExceededError');
    this.size = size;
    for (const piece of pieces) this.pieces.set(piece.start, { ...piece, bytes: piece.bytes.slice() });
  }
  async forget() {
    this.pieces.clear();
  }
  async bytes() {
    return [...this.pieces.values()].reduce((sum, { bytes }) => sum + bytes.length, 0);
  }
  async clear() {
    this.pieces.clear();
  }
}

describe('a file of which parts are kept', () => {
  let store: MemoryStore;
  let requests: string[];
  let status: number | null;

  beforeEach(() => {
    store = new MemoryStore();
    requests = [];
    status = null;
  });

  const network: typeof fetch = async (input, init) => {
    const range = new Request(input, init).headers.get('range');
    requests.push(range ?? 'all');
    if (status !== null) return new Response('no', { status });
    if (range === null) return new Response(CONTENT.slice());
    const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(range) ?? [];
    const start = from === '' ? 100 - Number(to) : Number(from);
    const end = from === '' || to === '' ? 100 : Number(to) + 1;
    return new Response(CONTENT.slice(start, end), {
      status: 206,
      headers: { 'content-range': `bytes ${start}-${end - 1}/100` },
    });
  };

  /** What a visit of its own reads of each range. */
  async function visit(...ranges: (string | null)[]): Promise<(number[] | number)[]> {
    const later = new KeepLater(store);
    const file = await KeptFile.open(URL_OF_FILE, { store, later, network });
    const answers: (number[] | number)[] = [];
    for (const range of ranges) {
      const response = await file.fetch(URL_OF_FILE, range === null ? {} : { headers: { range } });
      expect(response.url === '' ? URL_OF_FILE : response.url).toBe(URL_OF_FILE);
      answers.push(response.ok ? [...new Uint8Array(await response.arrayBuffer())] : response.status);
    }
    await later.flush();
    return answers;
  }

  it('is read without the network the next time, from the end and inside of what is kept too', async () => {
    const first = await visit('bytes=-10', 'bytes=20-59');
    expect(requests).toEqual(['bytes=-10', 'bytes=20-59']);
    requests = [];
    expect(await visit('bytes=-10', 'bytes=20-59')).toEqual(first);
    expect(await visit('bytes=-8', 'bytes=30-39', 'bytes=95-', 'bytes=90-120')).toEqual([
      part(92),
      part(30, 40),
      part(95),
      part(90),
    ]);
    expect(requests).toEqual([]);
    expect(await visit('bytes=50-69', null)).toEqual([part(50, 70), [...CONTENT]]);
    expect(requests).toEqual(['bytes=50-69', 'all']);
    requests = [];
    // Now all of it is kept.
    expect(await visit('bytes=3-4', null)).toEqual([[3, 4], [...CONTENT]]);
    expect(requests).toEqual([]);
  });

  it.each([
    ['has other bytes', (piece: KeptPiece) => ({ ...piece, bytes: piece.bytes.map((byte) => byte ^ 4) })],
    ['is cut short', (piece: KeptPiece) => ({ ...piece, bytes: piece.bytes.slice(1) })],
  ])('is fetched anew where a piece %s', async (_, damage) => {
    await visit('bytes=20-59');
    const piece = store.pieces.get(20);
    if (!piece) throw new Error('nothing was kept');
    // The outline still says what was kept.
    store.outline = async () => ({ size: 100, ranges: [{ start: 20, end: 60 }] });
    store.pieces.set(20, damage(piece));
    requests = [];
    expect(await visit('bytes=20-59')).toEqual([part(20, 60)]);
    expect(requests).toEqual(['bytes=20-59']);
    expect(store.pieces.get(20)?.bytes).toEqual(CONTENT.slice(20, 60));
  });

  it('is read as ever in a browser that keeps nothing, and no failure is kept', async () => {
    store.broken = true;
    expect(await visit('bytes=20-22')).toEqual([[20, 21, 22]]);
    store.broken = false;
    status = 503;
    expect(await visit('bytes=20-22')).toEqual([503]);
    expect(await store.bytes()).toBe(0);
  });
});
