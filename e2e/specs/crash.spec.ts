import { mkdtemp, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { logPage } from '#shared/contract/refs.ts';
import { tableList } from '#shared/contract/tables.ts';
import { ServerProcess } from '../fixtures/server-process.ts';

const ROWS = {
  'bronze.airports': '3376',
  'bronze.earthquakes': '1707',
  'bronze.flights': '3000000',
  'bronze.github': '955',
  'bronze.sp500': '5105',
  'bronze.stocks': '560',
  'bronze.weather': '2922',
};
const STEPS = 13;

let folder: string;
test.beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'timestream-crash-'));
});
test.afterEach(() => rm(folder, { recursive: true, force: true }));

test('a server that is killed again and again while it builds the demo ends with a correct lakehouse', async () => {
  test.slow();
  // From the moment it starts to load on, at moments that drift through the steps; the last start is left alone.
  for (const delay of [0, 40, 90, 160, 260, 400]) {
    const server = new ServerProcess(folder);
    await server.url();
    await new Promise((resolve) => setTimeout(resolve, delay));
    await server.stop('SIGKILL');
  }
  const server = new ServerProcess(folder);
  try {
    // On a fast machine the starts before may have finished it, and there is no job left to wait for.
    const rows = async () => {
      const { tables } = await server.get('/tables', tableList);
      return Object.fromEntries(tables.map(({ id, rows }) => [id, rows]));
    };
    await expect.poll(rows, { timeout: 120_000 }).toEqual(ROWS);
    const { entries } = await server.get('/refs/main/log?limit=100', logPage);
    const steps = entries.map(({ properties }) => properties['timestream.demo-step']);
    expect(new Set(steps).size).toBe(STEPS);
    expect(steps).toHaveLength(STEPS);
    const counted = await server.post('/query', {
      sql: "SELECT count(*), count(DISTINCT date_trunc('month', date)), sum(delay) FROM bronze.flights",
    });
    expect(counted.body).toMatchObject({ rows: [['3000000', '7', expect.any(String)]] });
  } finally {
    await server.stop();
  }
});

test('a second server on the same folder is refused in a clear line, and harms nothing', async () => {
  const first = new ServerProcess(folder, ['--no-demo']);
  try {
    const url = await first.url();
    const second = new ServerProcess(folder, ['--no-demo']);
    expect(await second.ended()).toBe(1);
    expect(second.output).toContain('Another TimeStream has the lakehouse');
    expect(second.output).not.toContain('    at ');
    expect((await fetch(`${url}/health`)).status).toBe(200);
    expect((await first.get('/tables', tableList)).tables).toEqual([]);
  } finally {
    expect(await first.stop()).toBe(0);
  }
});

test('a data file that is cut short or foreign is named, and other tables answer', async () => {
  const server = new ServerProcess(folder);
  try {
    await server.demoLoaded();
    const broken = await dataFile('stocks');
    await truncate(broken, 1000);
    const cut = await server.post('/query', { sql: 'SELECT sum(price) FROM bronze.stocks' });
    expect(cut).toMatchObject({
      status: 422,
      body: { error: { code: 'CORRUPT_FILE', message: expect.stringContaining('.parquet') } },
    });
    await writeFile(broken, 'symbol,price\nMSFT,1\n');
    const foreign = await server.post('/query', { sql: 'SELECT sum(price) FROM bronze.stocks' });
    expect(foreign).toMatchObject({ status: 422, body: { error: { code: 'CORRUPT_FILE' } } });
    await rm(broken);
    const gone = await server.post('/query', { sql: 'SELECT sum(price) FROM bronze.stocks' });
    expect(gone).toMatchObject({ status: 404, body: { error: { code: 'FILE_NOT_FOUND' } } });
    expect(await server.post('/query', { sql: 'SELECT count(*) FROM bronze.weather' })).toMatchObject({
      status: 200,
      body: { rows: [['2922']] },
    });
  } finally {
    await server.stop();
  }
});

async function dataFile(table: string): Promise<string> {
  const namespace = join(folder, 'warehouse', 'bronze');
  const own = (await readdir(namespace)).find((name) => name.startsWith(table)) ?? '';
  const data = join(namespace, own, 'data');
  return join(data, (await readdir(data)).find((name) => name.endsWith('.parquet')) ?? '');
}
