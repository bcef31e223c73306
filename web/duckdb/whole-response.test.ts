// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { WholeResponse } from './whole-response.ts';

const answer = (status: number) => {
  const bytes = new TextEncoder().encode('{"a":1}').buffer;
  const url = 'http://host/data/f';
  return { bytes, response: new WholeResponse({ url, status, contentRange: 'bytes 0-6/9', bytes }) };
};

describe('WholeResponse', () => {
  it('is an answer with its address, whose bytes are handed out and not copied', async () => {
    const { bytes, response } = answer(206);
    expect(response).toBeInstanceOf(Response);
    expect([response.url, response.status, response.ok]).toEqual(['http://host/data/f', 206, true]);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-length': '7',
      'content-range': 'bytes 0-6/9',
    });
    expect(await response.arrayBuffer()).toBe(bytes);
  });

  it('says what is wrong as its text', async () => {
    const { response } = answer(422);
    expect([response.ok, await response.text()]).toEqual([false, '{"a":1}']);
  });
});
