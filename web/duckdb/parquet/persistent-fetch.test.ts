// @vitest-environment node
import { afterEach, describe, expect, it } from 'vitest';
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

/** Whether the server is known to be away. */
const away = { now: false };
afterEach(() => void (away.now = false));

/** Answers one after the other; the last for ever. */
function open(...answers: readonly (() => Promise<Response>)[]) {
  const seen: { ranges: (string | null)[]; pauses: number[] } = { ranges: [], pauses: [] };
  const network = (async (input: RequestInfo | URL) => {
    seen.ranges.push(new Request(input).headers.get('range'));
    return (answers[seen.ranges.length - 1] ?? answers.at(-1))?.();
  }) as typeof fetch;
  const get = persistentFetch(network, {
    isAway: () => away.now,
    pause: async (ms) => void seen.pauses.push(ms),
  });
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

  it('asks again where an answer ends before its end as if it were whole', async () => {
    const { seen, get } = open(
      () => answer(206, 'who'),
      () => answer(206),
    );
    expect(await (await get()).text()).toBe('whole');
    expect(seen.ranges).toHaveLength(2);
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
      { pause: async () => undefined },
    );
    await expect(get('http://host/f', { signal: stop.signal })).rejects.toThrow('network error');
    expect(asked).toBe(1);
  });

  it('asks a server that is known to be away once, and ends as soon as it becomes known', async () => {
    away.now = true;
    const gone = open(broken);
    await expect(gone.get()).rejects.toThrow('network error');
    const proxied = open(() => answer(503, 'away'));
    expect((await proxied.get()).status).toBe(503);
    expect([gone.seen, proxied.seen]).toMatchObject([{ pauses: [] }, { pauses: [] }]);
    away.now = false;
    const leaves = open(broken, async () => {
      away.now = true;
      return broken();
    });
    await expect(leaves.get()).rejects.toThrow('network error');
    expect(leaves.seen.pauses).toEqual([100]);
  });

  it('ends with what was wrong last', async () => {
    const gone = open(broken);
    await expect(gone.get()).rejects.toThrow('network error');
    expect(gone.seen.ranges).toHaveLength(6);
    const busy = open(broken, () => answer(503, 'busy'));
    expect(await (await busy.get()).text()).toBe('busy');
  });
});
