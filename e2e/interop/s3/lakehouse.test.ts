import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { tableList } from '#shared/contract/tables.ts';
import { FaultProxy, type SeenRequest } from '#server/storage/testing/fault-proxy.ts';
import { E2E_TOKEN } from '../../fixtures/server.ts';
import { ServerProcess } from '../../fixtures/server-process.ts';
import { ObjectStore } from './object-store.ts';

const FLIGHTS = "SELECT count(*), count(DISTINCT date_trunc('month', date)), sum(delay) FROM bronze.flights";
const FLIGHTS_ROWS = [['3000000', '7', '20003603']];

const isData = ({ method, url }: SeenRequest) => method === 'GET' && /\.parquet(?:\?|$)/.test(url);

describe('a lakehouse in an object store', () => {
  let store: ObjectStore;
  let proxy: FaultProxy;
  let folder: string;
  let warehouses = 0;
  const servers: ServerProcess[] = [];

  beforeAll(async () => {
    store = await ObjectStore.start();
    proxy = await FaultProxy.open(store.endpoint);
  });
  afterAll(async () => {
    await proxy.close();
    await store.stop();
  });
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 's3-lakehouse-'));
    warehouses += 1;
  });
  afterEach(async () => {
    for (const server of servers.splice(0)) await server.stop('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  });

  const start = (options: readonly string[] = [], env: Record<string, string> = {}) => {
    const server = new ServerProcess(folder, options, {
      WAREHOUSE: `s3://${store.bucket}/warehouse ${warehouses}`,
      S3_ENDPOINT: proxy.url,
      AWS_ACCESS_KEY_ID: store.credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: store.credentials.secretAccessKey,
      ...env,
    });
    servers.push(server);
    return server;
  };
  const query = async (server: ServerProcess, sql: string) => {
    const { body } = await server.post('/query', { sql, engine: 'server' });
    return body;
  };
  const objects = () => readdir(join(folder, 'objects'));

  it('loads the demo, answers, is killed, and answers again: from its copies, and without them', async () => {
    const first = start();
    await first.demoLoaded();
    expect(await query(first, FLIGHTS)).toMatchObject({ rows: FLIGHTS_ROWS });
    expect(await readdir(join(folder, 'warehouse'))).toEqual(['.staging']);
    // What was just written was kept.
    expect(proxy.seen.filter(isData)).toEqual([]);
    const copies = (await objects()).length;
    expect(copies).toBeGreaterThan(12);
    await first.stop('SIGKILL');

    const second = start();
    await second.url();
    expect(await query(second, FLIGHTS)).toMatchObject({ rows: FLIGHTS_ROWS });
    expect(proxy.seen.filter(isData)).toEqual([]);
    await second.stop('SIGKILL');

    await rm(join(folder, 'objects'), { recursive: true });
    const third = start();
    await third.url();
    proxy.reset();
    const both = await Promise.all([query(third, FLIGHTS), query(third, FLIGHTS)]);
    for (const answer of both) expect(answer).toMatchObject({ rows: FLIGHTS_ROWS });
    const asked = proxy.seen.filter(isData).map(({ url, headers }) => `${url} ${headers.range}`);
    expect(asked.length).toBe(new Set(asked).size);
    expect(await objects()).toHaveLength(7);
  });

  it('gives the page byte ranges, and fetches no more than these', async () => {
    const loading = start();
    await loading.demoLoaded();
    await loading.stop();
    await rm(join(folder, 'objects'), { recursive: true });
    const server = start();
    const url = await server.url();
    // A sum needs the rows; a maximum is answered from metadata.
    const plan = await server.post('/plan', { sql: 'SELECT sum(delay) FROM bronze.flights' });
    const [file] = [...scanned(plan.body)].sort((a, b) => b.bytes - a.bytes);
    const headers = { authorization: `Bearer ${E2E_TOKEN}` };
    proxy.reset();
    for (const [range, length] of [
      ['bytes=-8', 8],
      ['bytes=4-1003', 1000],
    ] as const) {
      const answer = await fetch(`${url}${file?.url}`, { headers: { ...headers, range } });
      expect(answer.status).toBe(206);
      const bytes = Buffer.from(await answer.arrayBuffer());
      expect(bytes).toHaveLength(length);
      if (range === 'bytes=-8') expect(bytes.subarray(4).toString()).toBe('PAR1');
    }
    const ranges = proxy.seen.filter(isData).map((seen) => seen.headers.range);
    expect(ranges).toEqual([`bytes=${(file?.bytes ?? 0) - 8}-${(file?.bytes ?? 0) - 1}`, 'bytes=4-1003']);
    expect(await objects()).toEqual([]);
    const whole = await fetch(`${url}${file?.url}`, { headers });
    expect((await whole.arrayBuffer()).byteLength).toBe(file?.bytes);
  });

  it('is whole after kills while it is built', async () => {
    for (const delay of [100, 700, 1500]) {
      const server = start();
      await server.url();
      await new Promise((resolve) => setTimeout(resolve, delay));
      await server.stop('SIGKILL');
    }
    const server = start();
    await server.url();
    await expect
      .poll(async () => (await server.get('/tables', tableList)).tables.length, { timeout: 120_000 })
      .toBe(7);
    await expect
      .poll(() => query(server, FLIGHTS), { timeout: 120_000 })
      .toMatchObject({ rows: FLIGHTS_ROWS });
  });

  it('changes rows, in the store alone', async () => {
    const server = start();
    await server.demoLoaded();
    for (const sql of [
      "DELETE FROM bronze.stocks WHERE symbol = 'MSFT'",
      "UPDATE bronze.stocks SET price = 0 WHERE symbol = 'AAPL'",
      "INSERT INTO bronze.stocks SELECT 'NEW', date, price FROM bronze.stocks WHERE symbol = 'IBM' LIMIT 5",
    ])
      expect(await server.post('/statements', { sql })).toMatchObject({ status: 200 });
    const symbols =
      "SELECT symbol, count(*), sum(price) = 0 FROM bronze.stocks WHERE symbol IN ('MSFT', 'AAPL', 'NEW') GROUP BY ALL ORDER BY ALL";
    const expected = {
      rows: [
        ['AAPL', '123', true],
        ['NEW', '5', false],
      ],
    };
    expect(await query(server, symbols)).toMatchObject(expected);
    await server.stop('SIGKILL');
    await rm(join(folder, 'objects'), { recursive: true });
    expect(await query(start(), symbols)).toMatchObject(expected);
    expect(await readdir(join(folder, 'warehouse'))).toEqual(['.staging']);
  });

  it('answers with the copies that fit, however small the room for them', async () => {
    const server = start([], { OBJECT_CACHE_BYTES: '1000', QUERY_TIMEOUT_SECONDS: '60' });
    await server.demoLoaded();
    expect(await query(server, FLIGHTS)).toMatchObject({ rows: FLIGHTS_ROWS });
  });

  it('says in one sentence why it does not start', async () => {
    for (const [env, message] of [
      [{ WAREHOUSE: 's3://no-such-bucket/a' }, /There is no bucket no-such-bucket at .*Make it/],
      [{ AWS_SECRET_ACCESS_KEY: 'wrong' }, /does not take these credentials/],
      [{ S3_ENDPOINT: 'http://127.0.0.1:1' }, /No object store answers at http:\/\/127\.0\.0\.1:1/],
      [{ WAREHOUSE: 's3://UPPER/a' }, /WAREHOUSE: .*UPPER.*can't be a bucket/],
    ] as const) {
      const server = start([], env);
      expect(await server.ended()).not.toBe(0);
      expect(server.output).toMatch(message);
      expect(server.output).not.toMatch(/ {4}at /);
    }
  });
});

const planned = z.object({
  scans: z.array(z.object({ files: z.array(z.object({ url: z.string(), bytes: z.number() })) })),
});

function scanned(body: unknown) {
  const parsed = planned.safeParse(body);
  if (!parsed.success) throw new Error(`no plan: ${JSON.stringify(body).slice(0, 500)}`);
  return parsed.data.scans.flatMap(({ files }) => files);
}
