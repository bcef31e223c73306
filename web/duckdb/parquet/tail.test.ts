// @vitest-environment node
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answerFromTail, fetchTail, type Tail } from './tail.ts';

const URL = 'http://host/f.parquet';
const file = Uint8Array.from({ length: 100 }, (_, at) => at);
const tail: Tail = { url: URL, size: file.length, bytes: file.slice(60) };
const answer = (body: BodyInit | null, init: ResponseInit) => () => Promise.resolve(new Response(body, init));

/** The content of an answer that breaks off. */
const broken = () =>
  new ReadableStream({ pull: (controller) => controller.error(new TypeError('network error')) });

describe('answerFromTail', () => {
  it('gives the same bytes as the file for any range inside it, and nothing for any other', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(120), fc.nat(120), async (from, to) => {
        const response = answerFromTail(tail, URL, `bytes=${from}-${to}`);
        const covered = from >= 60 && from < 100 && to >= from;
        expect(response !== null).toBe(covered);
        if (!response) return;
        const bytes = new Uint8Array(await response.arrayBuffer());
        expect(bytes).toEqual(file.slice(from, to + 1));
        expect(response.status).toBe(206);
        expect(response.headers.get('content-range')).toBe(`bytes ${from}-${Math.min(to, 99)}/100`);
        expect(response.headers.get('content-length')).toBe(String(bytes.length));
        expect(response.url).toBe(URL);
      }),
    );
  });

  it('answers suffixes and open ends', async () => {
    const bytesOf = async (range: string) => {
      const response = answerFromTail(tail, URL, range);
      return response && [...new Uint8Array(await response.arrayBuffer())];
    };
    expect(await bytesOf('bytes=-8')).toEqual([92, 93, 94, 95, 96, 97, 98, 99]);
    expect(await bytesOf('bytes=98-')).toEqual([98, 99]);
    expect(await bytesOf('bytes=-41')).toBeNull();
    expect(await bytesOf('bytes=-')).toBeNull();
    expect(await bytesOf('bytes=0-1,5-6')).toBeNull();
  });

  it('leaves alone other files and requests for all of it', () => {
    expect(answerFromTail(tail, 'http://host/other', 'bytes=-8')).toBeNull();
    expect(answerFromTail(tail, URL, null)).toBeNull();
  });
});

describe('fetchTail', () => {
  it('learns the size from the answer', async () => {
    const get = answer(file.slice(90), { status: 206, headers: { 'content-range': 'bytes 90-99/100' } });
    expect(await fetchTail(URL, 10, get)).toEqual({ url: URL, size: 100, bytes: file.slice(90) });
  });

  it('takes a whole file for what it is', async () => {
    expect(await fetchTail(URL, 1000, answer(file, { status: 200 }))).toMatchObject({ size: 100 });
  });

  it.each([
    [401, answer('{}', { status: 401 })],
    [404, answer('', { status: 404 })],
    [206, answer(file, { status: 206 })],
    [0, () => Promise.reject(new TypeError('Failed to fetch'))],
    [0, answer(broken(), { status: 206, headers: { 'content-range': 'bytes 90-99/100' } })],
  ])('fails with the status: %s', async (status, get) => {
    await expect(fetchTail(URL, 10, get)).rejects.toMatchObject({ name: 'FetchFailure', status });
  });
});
