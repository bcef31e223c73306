import { tableFromArrays, tableToIPC } from 'apache-arrow';
import { afterEach, expect, it, vi } from 'vitest';
import { readRows } from './kept-rows.ts';

const KEPT = { url: '/api/v1/results/r', columns: [{ name: 'n', type: 'INTEGER' }] };
const STREAM = tableToIPC(tableFromArrays({ n: Int32Array.of(7, 8, 9) }), 'stream');

afterEach(() => vi.unstubAllGlobals());

function answer(bytes: Uint8Array) {
  const fetched = vi.fn<typeof fetch>(async () => new Response(bytes.slice()));
  vi.stubGlobal('fetch', fetched);
  return fetched;
}

const read = () => readRows(KEPT, { offset: 20, limit: 10 }, new AbortController().signal);

it('reads a page of the rows', async () => {
  const fetched = answer(STREAM);
  const table = await read();
  expect([0, 1, 2].map((row) => table.value(row, 0))).toEqual([7, 8, 9]);
  expect(fetched.mock.calls.map(([url]) => new Request(url).url)).toEqual([
    expect.stringMatching(/\/api\/v1\/results\/r\?offset=20&limit=10$/),
  ]);
});

it('takes what broke off for no page, whose rows would be empty', async () => {
  answer(STREAM.subarray(0, -8));
  await expect(read()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
});
