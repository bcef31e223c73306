import { describe, expect, it } from 'vitest';
import { parseRange } from './data.ts';

describe('byte ranges', () => {
  it.each([
    [undefined, null],
    ['bytes=0-3', { start: 0, end: 4 }],
    ['bytes=2-', { start: 2, end: 10 }],
    ['bytes=-4', { start: 6, end: 10 }],
    ['bytes=-40', { start: 0, end: 10 }],
    ['bytes=8-99', { start: 8, end: 10 }],
    // What is no single range of bytes is answered whole, as RFC 9110 lets a server do.
    ['bytes=0-1,4-5', null],
    ['items=0-1', null],
    ['bytes=-', null],
  ])('%s of 10 bytes', (header, range) => {
    expect(parseRange(header, 10)).toEqual(range);
  });

  it('refuses a range that lies outside', () => {
    expect(() => parseRange('bytes=10-12', 10)).toThrow(/outside/);
    expect(() => parseRange('bytes=-0', 10)).toThrow(/outside/);
  });
});
