import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, type BrowserContext, type Page } from '@playwright/test';
import { refList } from '#shared/contract/refs.ts';
import { E2E_TOKEN } from '../fixtures/server.ts';
import { ServerProcess } from '../fixtures/server-process.ts';
import { openCell, SqlCell } from '../pages/notebook-page.ts';

const QUERY =
  'SELECT part, count(*) AS n, sum(id) AS ids, round(sum(x), 3) AS x FROM lab.parts GROUP BY part ORDER BY part';

let folder: string;
let server: ServerProcess;
let url: string;

test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'timestream-kept-'));
  server = new ServerProcess(join(folder, 'lakehouse'), ['--no-demo']);
  url = await server.url();
  // The last file is too large to be fetched as a whole.
  const rows = (part: number, count: number) =>
    `SELECT ${part}::INTEGER AS part, range AS id, hash(range + ${part}) / 1e15 AS x FROM range(${count})`;
  await write(`CREATE TABLE lab.parts AS ${rows(0, 1000)}`);
  await write(`INSERT INTO lab.parts ${rows(1, 2000)}`);
  await write(`INSERT INTO lab.parts ${rows(2, 300_000)}`);
});
test.afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

async function write(sql: string): Promise<void> {
  expect(await server.post('/statements', { sql })).toMatchObject({ status: 200 });
}

/** Requests for content of data files, as they go out. */
function watchData(context: BrowserContext): { paths: string[]; bytes: number } {
  const seen = { paths: [] as string[], bytes: 0 };
  context.on('request', (request) => {
    const { pathname } = new URL(request.url());
    if (/\/api\/v1\/(data|deletes)\//.test(pathname)) seen.paths.push(pathname);
  });
  context.on('response', (response) => {
    if (/\/api\/v1\/data\//.test(response.url()))
      seen.bytes += Number(response.headers()['content-length'] ?? 0);
  });
  return seen;
}

async function openInTab(page: Page): Promise<SqlCell> {
  await page.context().addInitScript(() => localStorage.setItem('timestream.engine', 'browser'));
  await page.goto(`${url}/?token=${E2E_TOKEN}`);
  return openCell(page, QUERY);
}

async function reopen(page: Page): Promise<SqlCell> {
  await page.reload();
  const cell = new SqlCell(page, 1);
  await cell.frame.getByRole('code').click();
  return cell;
}

async function answered(cell: SqlCell): Promise<string[][]> {
  await cell.run();
  await expect(cell.badge).toHaveAccessibleName('Answered by this tab');
  return cell.rows();
}

/** Of all files, by the store's own books. */
function keptBytes(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const open = indexedDB.open('timestream-data-files');
    await new Promise((resolve) => open.addEventListener('success', resolve, { once: true }));
    const all = open.result.transaction('files').objectStore('files').getAll();
    await new Promise((resolve) => all.addEventListener('success', resolve, { once: true }));
    open.result.close();
    return (all.result as { bytes: number }[]).reduce((sum, { bytes }) => sum + bytes, 0);
  });
}

test('a notebook that is opened again loads its data without the network, and a step in time only what differs', async ({
  browser,
}) => {
  const page = await browser.newPage({ baseURL: url });
  const data = watchData(page.context());
  const first = await answered(await openInTab(page));
  expect(first.map(([part, n]) => [part, n])).toEqual([
    ['0', expect.stringMatching(/^1.?000$/)],
    ['1', expect.stringMatching(/^2.?000$/)],
    ['2', expect.stringMatching(/^300.?000$/)],
  ]);
  expect(new Set(data.paths).size).toBe(3);
  // A reload that comes before all is kept has to fetch the rest again.
  await expect.poll(() => keptBytes(page)).toBe(data.bytes);

  data.paths.length = 0;
  const again = await reopen(page);
  expect(await answered(again)).toEqual(first);
  expect(data.paths).toEqual([]);

  const { refs } = await server.get('/refs', refList);
  await write('DELETE FROM lab.parts WHERE part = 1');
  await write('INSERT INTO lab.parts SELECT 1::INTEGER AS part, range AS id, 0.5 AS x FROM range(10)');
  const stepped = await answered(again);
  expect(stepped[1]).toEqual(['1', '10', '45', '5']);
  expect([stepped[0], stepped[2]]).toEqual([first[0], first[2]]);
  expect(new Set(data.paths).size).toBe(1);

  data.paths.length = 0;
  await again.write(QUERY.replace('lab.parts', `lab.parts AT (VERSION => '${refs[0]?.hash ?? ''}')`));
  expect(await answered(again)).toEqual(first);
  expect(data.paths).toEqual([]);
  await page.close();
});

test('what was kept and is damaged is fetched again; emptying the cache empties it too', async ({
  browser,
}) => {
  const page = await browser.newPage({ baseURL: url });
  const data = watchData(page.context());
  const first = await answered(await openInTab(page));
  await expect.poll(() => keptBytes(page)).toBe(data.bytes);
  await page.evaluate(async () => {
    const open = indexedDB.open('timestream-data-files');
    await new Promise((resolve) => open.addEventListener('success', resolve, { once: true }));
    const transaction = open.result.transaction('pieces', 'readwrite');
    const cursor = transaction.objectStore('pieces').openCursor();
    cursor.addEventListener('success', () => {
      const at = cursor.result;
      if (!at) return;
      const piece = at.value as { bytes: Uint8Array };
      piece.bytes = piece.bytes.map((byte) => byte ^ 1);
      at.update(piece);
      at.continue();
    });
    await new Promise((resolve) => transaction.addEventListener('complete', resolve, { once: true }));
    open.result.close();
  });
  data.paths.length = 0;
  data.bytes = 0;
  const again = await reopen(page);
  expect(await answered(again)).toEqual(first);
  expect(new Set(data.paths).size).toBe(3);
  await expect.poll(() => keptBytes(page)).toBe(data.bytes);

  await page.getByRole('button', { name: /in this tab$/ }).click();
  await expect(page.getByText(/This browser keeps .* for the next visit/)).toBeVisible();
  await page.getByRole('button', { name: 'Empty the cache' }).click();
  await expect(page.getByText('This browser keeps nothing for the next visit yet.')).toBeVisible();
  expect(await keptBytes(page)).toBe(0);
  await page.close();
});
