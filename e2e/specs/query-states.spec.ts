import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, type Browser } from '@playwright/test';
import { ARROW_STREAM } from '#shared/contract/query.ts';
import { E2E_TOKEN } from '../fixtures/server.ts';
import { ServerProcess } from '../fixtures/server-process.ts';
import { openCell } from '../pages/notebook-page.ts';

let folder: string;
let server: ServerProcess;

test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'timestream-states-'));
  // Of so few threads three queries run at once.
  const env = { UV_THREADPOOL_SIZE: '4', ENGINE_THREADS: '1' };
  server = new ServerProcess(join(folder, 'lakehouse'), ['--no-demo'], env);
  const rows = "SELECT i % 3 AS k, (i * 7919) % 1000 AS x, 'row ' || i AS name FROM range(60000) t(i)";
  expect(await server.post('/statements', { sql: `CREATE TABLE lab.t AS ${rows}` })).toMatchObject({
    status: 200,
  });
});
test.afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

async function openTab(browser: Browser, engine: 'auto' | 'server', sql: string) {
  const page = await browser.newPage({ baseURL: await server.url() });
  await page.addInitScript((choice) => localStorage.setItem('timestream.engine', choice), engine);
  await page.goto(`/?token=${E2E_TOKEN}`);
  return { page, cell: await openCell(page, sql) };
}

/** Begins a light query's answer of a gigabyte, which nobody takes: it keeps its place, and computes nothing. */
async function keepPlace(stop: AbortSignal): Promise<Response> {
  return fetch(`${await server.url()}/api/v1/query`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${E2E_TOKEN}`,
      accept: ARROW_STREAM,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ sql: "SELECT repeat('x', 1000) AS x FROM range(1000000)", cache: false }),
    signal: stop,
  });
}

async function metric(name: string): Promise<number> {
  const answer = await fetch(`${await server.url()}/metrics`, {
    headers: { authorization: `Bearer ${E2E_TOKEN}` },
  });
  const line = (await answer.text()).split('\n').find((each) => each.startsWith(`${name} `));
  return Number(line?.slice(name.length));
}

test('a cell that waits for the server says so, can be stopped there, and is answered in its turn', async ({
  browser,
}) => {
  test.slow();
  const { page, cell } = await openTab(browser, 'server', 'SELECT 6 * 7 AS answer');
  // What nobody refers to any more is collected, and closed.
  const kept: { readonly stop: AbortController; readonly answer: Promise<Response> }[] = [];
  const keep = async (): Promise<Response> => {
    const stop = new AbortController();
    const answer = keepPlace(stop.signal);
    answer.catch(() => undefined);
    kept.push({ stop, answer });
    return answer;
  };
  const waiting = 'timestream_engine_queries{state="waiting"}';
  for (let place = 0; place < 3; place += 1) expect((await keep()).status).toBe(200);
  keep().catch(() => undefined);
  await expect.poll(() => metric(waiting)).toBe(1);

  await page.keyboard.press('ControlOrMeta+Enter');
  await expect(
    cell.frame.getByText('Waits for a place on the server, 1 ahead', { exact: true }),
  ).toBeVisible();
  await expect.poll(() => metric(waiting)).toBe(2);
  await cell.frame.getByRole('button', { name: /^Stop/ }).first().click();
  await expect(cell.frame.getByText('Stopped', { exact: true })).toBeVisible();
  await expect.poll(() => metric(waiting)).toBe(1);

  await cell.frame.getByRole('code').click();
  await page.keyboard.press('ControlOrMeta+Enter');
  await expect(
    cell.frame.getByText('Waits for a place on the server, 1 ahead', { exact: true }),
  ).toBeVisible();
  kept[3]?.stop.abort();
  await expect(
    cell.frame.getByText('Waits for a place on the server, next in line', { exact: true }),
  ).toBeVisible();
  for (const { stop, answer } of kept) {
    stop.abort();
    await answer.catch(() => undefined);
  }
  await expect(cell.badge).toHaveAccessibleName('Answered by the server');
  expect(await cell.rows()).toEqual([['42']]);
  expect(await metric('timestream_engine_waits_total')).toBeGreaterThanOrEqual(1);
  await page.close();
});

test('EXPLAIN tells of a cold tab and of a warm one, and a materialized view answers until its table changes', async ({
  browser,
}) => {
  test.slow();
  const sum = 'SELECT k, sum(x) AS total FROM lab.t GROUP BY k ORDER BY k';
  const { page, cell } = await openTab(browser, 'auto', `EXPLAIN ${sum}`);
  await page.keyboard.press('ControlOrMeta+Enter');
  const plan = cell.frame.getByRole('group', { name: /^Plan of/ });

  /** Called where no plan is shown. */
  const explain = async () => {
    await expect(plan).toHaveCount(0);
    await cell.write(`EXPLAIN ${sum}`);
    await cell.run();
    await expect(plan).toBeVisible();
  };

  await test.step('EXPLAIN, cold and warm', async () => {
    await expect(plan).toContainText('Runs on the server', { timeout: 150_000 });
    await expect(plan).toContainText('1 of 1');
    await expect(plan).not.toContainText('held in this tab');
    await cell.write(sum);
    // The tab loads what the server answered, and then answers.
    await expect(async () => {
      await cell.run();
      await expect(cell.badge).toHaveAccessibleName('Answered by this tab', { timeout: 3000 });
    }).toPass();
    await explain();
    await expect(plan).toContainText('Runs in this tab');
    await expect(plan).toContainText('all of it held in this tab');
  });

  /** As reading the table itself gives it. */
  const answers = async () => {
    await cell.write(sum);
    await cell.run();
    await expect(cell.error).toHaveCount(0);
    const { body } = await server.post('/query', { sql: sum, materializedViews: false });
    const expected = (body as { rows: unknown[][] }).rows.map((row) => row.map(String));
    const shown = async () => (await cell.rows()).map((row) => row.map((value) => value.replaceAll(',', '')));
    await expect.poll(shown).toEqual(expected);
  };
  const statement = async (sql: string) => {
    await cell.write(sql);
    await page.keyboard.press('ControlOrMeta+Enter');
    await expect(cell.frame.getByText('Committed', { exact: true })).toBeVisible();
  };
  await test.step('a materialized view: made, read, stale, refreshed', async () => {
    await answers();
    await statement(
      'CREATE MATERIALIZED VIEW lab.by_k AS SELECT k, sum(x) AS total, count(*) AS n FROM lab.t GROUP BY k',
    );
    await answers();
    const badge = cell.badge;
    await badge.click();
    await expect(
      page.getByText(/nswered from the materialized view lab\.by_k, fresh at snapshot/),
    ).toBeVisible();
    await page.keyboard.press('Escape');
    await statement("INSERT INTO lab.t VALUES (0, 1000000, 'much')");
    await answers();
    await explain();
    await expect(plan).not.toContainText('in the place of lab.t, because');
    await statement('REFRESH MATERIALIZED VIEW lab.by_k');
    await expect(
      cell.frame.getByText(/Refreshed incrementally: one new file of lab\.t/).first(),
    ).toBeVisible();
    await answers();
    await explain();
    await expect(plan).toContainText(
      'lab.by_k is a materialized view; its rows are read in the place of lab.t',
    );
  });
  await page.close();
});
