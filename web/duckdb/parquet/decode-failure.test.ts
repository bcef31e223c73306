// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { DecodeFailures } from './decode-failure.ts';
import { FetchFailure } from './tail.ts';

const URL = 'http://host/f';
const broken: typeof fetch = () => Promise.reject(new TypeError('network error'));

describe('DecodeFailures', () => {
  it('tells what a reader throws, or breaks down by, by the fetch that failed before', async () => {
    const failures = new DecodeFailures();
    await expect(failures.noting(broken)(URL)).rejects.toThrow('network error');
    // Another follows from it.
    await failures.noting(() => Promise.resolve(new Response('', { status: 404 })))(URL);
    const noted = { kind: 'failed', message: 'TypeError: network error', status: 0 };
    expect(failures.replyTo(new Error('Parquet error: EOF'))).toEqual(noted);
    expect(failures.replyToBreakdown()).toEqual(noted);
    failures.clear();
    expect(failures.replyTo(new Error('Parquet error: EOF'))).toEqual({
      kind: 'failed',
      message: 'Error: Parquet error: EOF',
      status: null,
    });
    expect(failures.replyToBreakdown()).toBeNull();
  });

  it('notes what a server refuses, and prefers what is thrown of a fetch, with its words', async () => {
    const failures = new DecodeFailures();
    await failures.noting(() => Promise.resolve(new Response('', { status: 503 })))(URL);
    expect(failures.replyTo(new Error('x'))).toMatchObject({ status: 503, message: 'status 503' });
    const said = { code: 'CORRUPT_METADATA', message: 'Gone.' };
    expect(failures.replyTo(new FetchFailure(422, 'status 422', said))).toMatchObject({ status: 422, said });
  });
});
