// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { persistentFetch } from './persistent-fetch.ts';

const broken = () => Promise.reject(new TypeError('network error'));
const cut = () => {
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      controller.enqueue(Uint8Array.of(1, 2));
      controller.error(new TypeError('connection reset'));
    },
  });
  return Promise.resolve(new Response(body, { status: 206 }));
};
const answer = (status: number, text = 'whole') =>
  Promise.resolve(new Response(text, { status, headers: { 'content-range': 'bytes 0-4/9' } }));

/** Answers one after the other; the last for ever. */
function open(...answers: readonly (() => Promise<Response>)[]) {
  const seen: { ranges: (string | null)[]; pauses: number[] } = { ranges: [], pauses: [] };
  const network = (async (input: RequestInfo | URL) => {
    seen.ranges.push(new Request(input).headers.get('range'));
    return (answers[seen.ranges.length - 1] ?? answers.at(-1))?.();
  }) as typeof fetch;
  const get = persistentFetch(network, async (ms) => void seen.pauses.push(ms));
  return { seen, get: () => get('http://host/f', { headers: { range: 'bytes=0-4' } }) };
}

describe('persistentFetch', () => {
  it('asks again for the same where a connection breaks, before or in an answer', async () => {
    const { seen, get } = open(
      broken,
      cut,
      () => answer(503),
      () => answer(206),
    );
    const response = await get();
    expect([response.status, response.headers.get('content-range')]).toEqual([206, 'bytes 0-4/9']);
    expect(await response.text()).toBe('whole');
    expect(seen).toEqual({ ranges: Array(4).fill('bytes=0-4'), pauses: [100, 200, 400] });
  });

  it('takes an answer that says what is wrong for one', async () => {
    for (const status of [401, 404, 416, 500]) {
      const { seen, get } = open(() => answer(status));
      expect((await get()).status).toBe(status);
      expect(seen.ranges).toHaveLength(1);
    }
  });

  it('does not ask again for what nobody wants any more', async () => {
    const stop = new AbortController();
    let asked = 0;
    const get = persistentFetch(
      () => {
        asked += 1;
        stop.abort();
        return broken();
      },
      async () => undefined,
    );
    await expect(get('http://host/f', { signal: stop.signal })).rejects.toThrow('network error');
    expect(asked).toBe(1);
  });

  it('ends with what was wrong last', async () => {
    const away = open(broken);
    await expect(away.get()).rejects.toThrow('network error');
    expect(away.seen.ranges).toHaveLength(6);
    const busy = open(broken, () => answer(503, 'busy'));
    expect(await (await busy.get()).text()).toBe('busy');
  });
});
