// @vitest-environment node
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { KeepLater } from './keep-later.ts';
import type { KeptPiece } from './kept-store.ts';

const MIB = 1024 ** 2;

/** Notes what it is given. */
function openStore(broken: readonly string[] = []) {
  const kept: { url: string; starts: number[]; sums: (string | null)[] }[] = [];
  const keep = async ({ url }: { url: string }, pieces: readonly KeptPiece[]) => {
    if (broken.includes(url)) throw new DOMException('full', 'QuotaExceededError');
    kept.push({ url, starts: pieces.map(({ start }) => start), sums: pieces.map(({ sum }) => sum) });
  };
  return { kept, keep };
}

describe('KeepLater', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const file = (url: string) => ({ url, size: 100 * MIB });
  const piece = (start: number, length = 3) => ({ start, bytes: new Uint8Array(length).fill(7) });

  it('keeps the pieces of a file together, once nothing more comes for a moment', async () => {
    const store = openStore();
    const later = new KeepLater(store);
    later.add(file('a'), piece(0));
    await vi.advanceTimersByTimeAsync(400);
    later.add(file('b'), piece(5));
    later.add(file('a'), piece(9));
    await vi.advanceTimersByTimeAsync(400);
    expect(store.kept).toEqual([]);
    await vi.advanceTimersByTimeAsync(100);
    await later.flush();
    expect(store.kept.map(({ url, starts }) => [url, starts])).toEqual([
      ['a', [0, 9]],
      ['b', [5]],
    ]);
    expect(store.kept[0]?.sums).toEqual(Array(2).fill(expect.stringMatching(/^[0-9a-f]{64}$/)));
  });

  it('keeps at once what is too much to wait', async () => {
    const store = openStore();
    const later = new KeepLater(store);
    for (let start = 0; start < 64; start += 16) later.add(file('a'), piece(start * MIB, 16 * MIB));
    later.add(file('a'), piece(64 * MIB));
    await vi.advanceTimersByTimeAsync(0);
    vi.useRealTimers();
    await vi.waitFor(() => expect(store.kept).toHaveLength(1));
    expect(store.kept[0]?.starts).toEqual([0, 16 * MIB, 32 * MIB, 48 * MIB]);
  });

  it('goes on with the next file where a store fails, and drops what is not to be kept', async () => {
    const store = openStore(['a']);
    const later = new KeepLater(store);
    later.add(file('a'), piece(0));
    later.add(file('b'), piece(1));
    await later.flush();
    later.add(file('c'), piece(2));
    later.clear();
    await later.flush();
    expect(store.kept.map(({ url }) => url)).toEqual(['b']);
  });
});
