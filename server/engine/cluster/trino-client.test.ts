import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tableFromIPC } from 'apache-arrow';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ClusterEngine } from './cluster-engine.ts';

/** What a fake of Trino's protocol answers to one request; the real one is in the suite of `npm run test:interop`. */
type Answer = (response: ServerResponse, request: IncomingMessage, url: string) => void;

let server: Server | undefined;
afterEach(() => {
  vi.useRealTimers();
  server?.closeAllConnections();
  server?.close();
});

const page =
  (value: object): Answer =>
  (response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ id: 'q', ...value }));
  };
/** A page after which there is more. */
const more =
  (data: unknown): Answer =>
  (response, request, url) =>
    page({ nextUri: `${url}/next`, data })(response, request, url);
const COLUMNS = [{ name: 'n', type: 'BIGINT' }];

async function fake(...answers: readonly Answer[]) {
  const asked: string[] = [];
  let at = 0;
  server = createServer((request, response) => {
    asked.push(request.method ?? '');
    if (request.method === 'DELETE') return response.end();
    answers[Math.min(at++, answers.length - 1)]?.(response, request, url);
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const engine = new ClusterEngine({
    url,
    user: 'ada',
    password: null,
    token: 'secret',
    catalog: 'lake',
    timeoutMs: 60_000,
    maxConcurrent: 1,
  });
  return { asked, engine, run: async () => engine.json({ sql: 'SELECT 1', columns: COLUMNS }) };
}

describe('faults of the protocol, by a fake of it', () => {
  it('gives the rows of all pages, and 64-bit integers whole', async () => {
    const { run, asked } = await fake(
      more([['9007199254740993']]),
      more(undefined),
      page({ data: [[null], ['-1']] }),
    );
    expect(await run()).toEqual({ rows: [['9007199254740993'], [null], ['-1']], truncated: false });
    expect(asked).toEqual(['POST', 'GET', 'GET']);
  });

  it('asks again where the cluster is busy', async () => {
    const busy: Answer = (response) => response.writeHead(503).end();
    const { run, asked } = await fake(busy, more([['1']]), busy, page({ data: [['2']] }));
    expect((await run()).rows).toEqual([['1'], ['2']]);
    expect(asked).toEqual(['POST', 'POST', 'GET', 'GET']);
  });

  it('says that a cluster is gone which dies between pages, and that it did not begin one twice', async () => {
    const die: Answer = (response) => response.destroy();
    const { run, asked } = await fake(more([['1']]), die);
    await expect(run()).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringContaining('does not answer'),
    });
    expect(asked.filter((method) => method === 'POST')).toHaveLength(1);
    const { run: again, asked: posted } = await fake(die);
    await expect(again()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(posted).toEqual(['POST']);
  });

  it.each<[string, Answer]>([
    ['half of an answer', (response) => response.end('{"id": "q", "data": [[1')],
    ['another protocol', (response) => response.end('<html>')],
    ['rows that are none', page({ data: [1, 2] })],
    ['a value of another type', page({ data: [[1.5]] })],
    ['no value', page({ data: [[]] })],
    ['an address elsewhere', page({ nextUri: 'http://127.0.0.2:1/next' })],
    ['a redirection', (response) => response.writeHead(302, { location: 'http://127.0.0.2:1/' }).end()],
    ['no credentials', (response) => response.writeHead(401).end()],
  ])('refuses %s', async (_, answer) => {
    const { run } = await fake(answer);
    await expect(run()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });

  it.each([
    ['DIVISION_BY_ZERO', 'USER_ERROR', 'SQL_RUNTIME'],
    ['SYNTAX_ERROR', 'USER_ERROR', 'UNSUPPORTED'],
    ['EXCEEDED_TIME_LIMIT', 'INSUFFICIENT_RESOURCES', 'TIMEOUT'],
    ['CLUSTER_OUT_OF_MEMORY', 'INSUFFICIENT_RESOURCES', 'OUT_OF_MEMORY'],
    ['PAGE_TRANSPORT_ERROR', 'INTERNAL_ERROR', 'UNAVAILABLE'],
  ])('tells %s from other failures', async (errorName, errorType, code) => {
    const { run } = await fake(page({ error: { errorName, errorType, message: 'line 1:2: no' } }));
    await expect(run()).rejects.toMatchObject({
      code,
      message: expect.stringMatching(/^(?!.*line 1:2).*no/),
    });
  });

  it('ends what nobody takes any more, and what is cancelled', async () => {
    const { engine, asked } = await fake(more([['1'], ['2'], ['3']]));
    const cut = await engine.json({ sql: 'SELECT 1', columns: COLUMNS, limit: 2 });
    expect(cut).toEqual({ rows: [['1'], ['2']], truncated: true });
    expect(asked).toEqual(['POST', 'DELETE']);
    const stop = new AbortController();
    const chunks = engine.chunks({ sql: 'SELECT 1', columns: COLUMNS, signal: stop.signal });
    await chunks.next();
    stop.abort();
    await expect(chunks.next()).rejects.toMatchObject({ name: 'AbortError' });
    expect(asked.slice(2)).toEqual(['POST', 'DELETE']);
  });

  it('gives the place of who does not come back to others at its time, and when it is cancelled', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { engine } = await fake(more([['1'], ['2']]), more([['3']]), page({ data: [['4']] }));
    const input = { sql: 'SELECT 1', columns: COLUMNS };
    const late = engine.chunks(input);
    await late.next();
    const next = engine.chunks(input);
    const entered = next.next();
    vi.advanceTimersByTime(60_000);
    expect((await entered).value?.rowCount).toBe(1);
    await expect(late.next()).rejects.toMatchObject({ code: 'TIMEOUT' });
    await next.return(undefined);

    const stop = new AbortController();
    const cancelled = engine.chunks({ ...input, signal: stop.signal });
    await cancelled.next();
    const other = engine.json(input);
    stop.abort();
    expect((await other).rows).toEqual([['4']]);
  });

  it('streams what it gives, and the columns of nothing', async () => {
    const { engine } = await fake(more([['1'], ['2']]), page({ data: [] }));
    const input = { sql: 'SELECT 1', columns: COLUMNS };
    const read = async () => {
      const pieces: Uint8Array[] = [];
      for await (const piece of engine.arrow(input)) pieces.push(piece);
      return { pieces: pieces.length, table: tableFromIPC(Buffer.concat(pieces)) };
    };
    const some = await read();
    expect([...(some.table.getChild('n') ?? [])]).toEqual([1n, 2n]);
    const none = await read();
    expect(none.table.schema.fields.map(({ name }) => name)).toEqual(['n']);
    expect([none.table.numRows, none.pieces]).toEqual([0, 1]);
  });

  it('sends who asks, and in which time zone, and nothing to guess', async () => {
    let headers: IncomingMessage['headers'] = {};
    const { run } = await fake((response, request, url) => {
      headers = request.headers;
      page({ data: [] })(response, request, url);
    });
    await run();
    expect(headers).toMatchObject({
      authorization: 'Bearer secret',
      'x-trino-user': 'ada',
      'x-trino-catalog': 'lake',
      'x-trino-time-zone': 'UTC',
    });
  });
});
