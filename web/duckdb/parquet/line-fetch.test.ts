// @vitest-environment node
import { afterEach, describe, expect, it } from 'vitest';
import { answerLine } from './answer-line.ts';
import { LineFetch } from './line-fetch.ts';

const URL = 'http://host/f';
const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

/** A network that answers with what it was asked, once the test lets it. */
function openNetwork() {
  const asked: { request: Request; answer: (response: Response) => void; break: () => void }[] = [];
  let heard: () => void = () => undefined;
  const network: typeof fetch = (input, init) => {
    const request = new Request(input, init);
    return new Promise((answer, reject) => {
      request.signal.addEventListener('abort', () => reject(request.signal.reason as Error));
      asked.push({ request, answer, break: () => reject(new TypeError('network error')) });
      heard();
    });
  };
  const requests = async (count: number) => {
    while (asked.length < count) await new Promise<void>((resolve) => (heard = resolve));
    return asked;
  };
  return { network, requests };
}

function connect(line: LineFetch, network: typeof fetch): () => void {
  const { port1, port2 } = new MessageChannel();
  const end = answerLine(port1, network);
  ends.push(end, () => port2.close());
  line.connect(port2);
  return end;
}

const ranged = (line: LineFetch) => line.fetch(URL, { headers: { range: 'bytes=0-4' }, cache: 'no-store' });

describe('LineFetch', () => {
  it('answers as fetch does, each request with its own answer', async () => {
    const { network, requests } = openNetwork();
    const line = new LineFetch();
    // Asked for before there is a line.
    const first = ranged(line);
    connect(line, network);
    const second = line.fetch(URL);
    const third = expect(line.fetch(URL)).rejects.toThrow('network error');
    const [one, two, three] = await requests(3);
    expect(one?.request.url).toBe(URL);
    expect([one?.request.headers.get('range'), one?.request.cache]).toEqual(['bytes=0-4', 'no-store']);
    expect(two?.request.headers.get('range')).toBeNull();
    two?.answer(new Response('{"error":1}', { status: 404 }));
    three?.break();
    one?.answer(new Response('whole', { status: 206, headers: { 'content-range': 'bytes 0-4/9' } }));
    const response = await first;
    expect([response.status, response.url, await response.text()]).toEqual([206, URL, 'whole']);
    expect(response.headers.get('content-range')).toBe('bytes 0-4/9');
    expect(response.headers.get('content-length')).toBe('5');
    expect([(await second).status, await (await second).text()]).toEqual([404, '{"error":1}']);
    await third;
  });

  it('ends what is under way on a line, and leaves the others alone', async () => {
    const { network, requests } = openNetwork();
    const [ended, other] = [new LineFetch(), new LineFetch()];
    const end = connect(ended, network);
    connect(other, network);
    const settled: string[] = [];
    void ranged(ended).finally(() => settled.push('ended'));
    const [first] = await requests(1);
    const kept = ranged(other);
    const second = (await requests(2))[1];
    end();
    expect([first?.request.signal.aborted, second?.request.signal.aborted]).toEqual([true, false]);
    second?.answer(new Response('whole'));
    expect(await (await kept).text()).toBe('whole');
    expect(settled).toEqual([]);
  });

  it('asks anew on the next line for what the last one did not bring', async () => {
    const [gone, next] = [openNetwork(), openNetwork()];
    const line = new LineFetch();
    const end = connect(line, gone.network);
    const answer = ranged(line);
    await gone.requests(1);
    end();
    connect(line, next.network);
    const [again] = await next.requests(1);
    expect(again?.request.headers.get('range')).toBe('bytes=0-4');
    again?.answer(new Response('whole'));
    expect(await (await answer).text()).toBe('whole');
  });

  it('fails where nothing fetches, until something does', async () => {
    const { network, requests } = openNetwork();
    const line = new LineFetch();
    const waiting = ranged(line);
    line.connect(null);
    await expect(waiting).rejects.toThrow('does not start');
    await expect(ranged(line)).rejects.toThrow('does not start');
    connect(line, network);
    const answer = ranged(line);
    (await requests(1))[0]?.answer(new Response('whole'));
    expect((await answer).status).toBe(200);
  });
});
