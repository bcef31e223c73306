import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test, type Browser, type BrowserContext, type Page } from '@playwright/test';
import { tableFiles } from '#shared/contract/tables.ts';
import { Network } from '../fixtures/network.ts';
import { E2E_TOKEN } from '../fixtures/server.ts';
import { ServerProcess } from '../fixtures/server-process.ts';
import { openCell, type SqlCell } from '../pages/notebook-page.ts';

/** Row groups have 122,880 of them. */
const ROWS = 1_000_000;
const ENDLESS = 'SELECT count(*) FROM range(100000000000) t(i) WHERE i % 7 = 3';
const ENDLESS_RECURSION =
  'WITH RECURSIVE t(n) AS (SELECT 1 UNION SELECT n + 1 FROM t) SELECT count(*) FROM t';
/** So slow that what a query needs takes minutes. */
const CRAWL = 100_000;
/** What a query loads, and not what the page itself has still to come. */
const DATA = /\/api\/v1\/data\//;

let folder: string;
let server: ServerProcess;
let network: Network;

test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'timestream-tab-'));
  server = new ServerProcess(join(folder, 'lakehouse'), ['--no-demo']);
  network = await Network.open(await server.url());
  await write(
    `CREATE TABLE lab.sorted AS SELECT range AS id, hash(range) % 1000003 AS x, hash(range + 1) % 1000003 AS y
     FROM range(${ROWS})`,
  );
});
test.afterEach(() => network.heal());
test.afterAll(async () => {
  await network.close();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

async function write(sql: string): Promise<void> {
  expect(await server.post('/statements', { sql })).toMatchObject({ status: 200 });
}

/** What the server's engine says, as the grid writes it. */
async function expected(sql: string): Promise<string[][]> {
  const { body } = await server.post('/query', { sql, engine: 'server' });
  const digits = (value: unknown) => String(value).replaceAll(/(?<=\d)(?=(\d{3})+$)/g, ',');
  return (body as { rows: unknown[][] }).rows.map((row) => row.map(digits));
}

interface Tab {
  readonly page: Page;
  readonly cell: SqlCell;
}

async function openTab(browser: Browser, engine: 'auto' | 'browser' | 'server'): Promise<Tab> {
  const page = await browser.newPage({ baseURL: network.url });
  await page.addInitScript((choice) => localStorage.setItem('timestream.engine', choice), engine);
  await page.goto(`/?token=${E2E_TOKEN}`);
  const cell = await openCell(page, 'SELECT 6 * 7 AS answer');
  await answersOnceStarted({ page, cell });
  return { page, cell };
}

/** Runs what is written. A browser that has never seen the engine compiles it first. */
async function answersOnceStarted({ page, cell }: Tab): Promise<void> {
  await page.keyboard.press('ControlOrMeta+Enter');
  await expect(cell.badge).toBeVisible({ timeout: 150_000 });
}

async function answers(cell: SqlCell, rows: string[][]): Promise<void> {
  await cell.run();
  await expect(cell.error).toHaveCount(0);
  await expect.poll(() => cell.rows()).toEqual(rows);
}

async function start({ page, cell }: Tab): Promise<void> {
  await page.keyboard.press('ControlOrMeta+Enter');
  await expect(cell.frame.getByRole('button', { name: /^Stop/ }).first()).toBeVisible();
}

/** From now on nothing that decodes hears that it is to end, as it does not while it computes. */
async function deafen(page: Page): Promise<() => Promise<void>> {
  const hearing = await page.evaluateHandle(() => {
    // Called on the worker that it is taken from.
    // oxlint-disable-next-line typescript/unbound-method
    const { terminate } = Worker.prototype;
    const told: Worker[] = [];
    Worker.prototype.terminate = function (this: Worker) {
      told.push(this);
    };
    return () => {
      Worker.prototype.terminate = terminate;
      for (const worker of told) worker.terminate();
      return told.length;
    };
  });
  return async () => expect(await hearing.evaluate((restore) => restore())).toBeGreaterThan(0);
}

/** Presses Stop. Milliseconds until the page said that it had stopped, as the page measured them. */
function stop(cell: SqlCell): Promise<number> {
  return cell.frame.evaluate(
    (frame) =>
      new Promise<number>((stopped) => {
        const button = [...frame.querySelectorAll('button')].find(({ textContent }) =>
          textContent.startsWith('Stop'),
        );
        const from = performance.now();
        new MutationObserver((_, observer) => {
          if (!frame.textContent.includes('Stopped')) return;
          observer.disconnect();
          stopped(performance.now() - from);
        }).observe(frame, { subtree: true, childList: true, characterData: true });
        button?.click();
      }),
  );
}

/** Content of data files that was asked for, and how much of it there is. */
function watchData(context: BrowserContext) {
  const seen = { requests: 0, bytes: 0 };
  context.on('request', (request) => {
    if (request.url().includes('/api/v1/data/')) seen.requests += 1;
  });
  context.on('response', (response) => {
    if (response.url().includes('/api/v1/data/'))
      seen.bytes += Number(response.headers()['content-length'] ?? 0);
  });
  return seen;
}

test('the tab fetches the row groups that a query needs, stops when it is told to, and outlives a broken network and dead workers', async ({
  browser,
}) => {
  test.slow();
  const tab = await openTab(browser, 'browser');
  const { page, cell } = tab;
  const data = watchData(page.context());
  /** Runs what is written on a network that takes minutes for it, until some of it is under way. */
  const startSlowly = async (sql: string) => {
    const { requests } = data;
    await cell.write(sql);
    network.slow(CRAWL);
    await start(tab);
    await expect.poll(() => data.requests).toBeGreaterThan(requests);
    await expect.poll(() => network.passing(DATA)).toBeGreaterThan(0);
  };
  const answersInTab = async (sql: string) => {
    await cell.write(sql);
    await answers(cell, await expected(sql));
    await expect(cell.badge).toHaveAccessibleName('Answered by this tab');
  };

  await test.step('of a large sorted file one row group is fetched, and all of it when all is asked for', async () => {
    const some = 'SELECT count(*) AS n, sum(x) AS x FROM lab.sorted WHERE id BETWEEN 500000 AND 500099';
    await answersInTab(some);
    const part = data.bytes;
    await cell.badge.click();
    await expect(page.getByText('bounds in the files skip 8 of 9 row groups')).toBeVisible();
    await page.keyboard.press('Escape');
    await answersInTab('SELECT count(*) AS n, sum(x) AS x FROM lab.sorted WHERE id >= 10');
    expect(part).toBeGreaterThan(0);
    // One of nine row groups, and the footer.
    expect(part).toBeLessThan((data.bytes - part) / 4);
    // What is held whole stands for its parts.
    const { requests } = data;
    await answersInTab(some.replaceAll('5000', '7000'));
    expect(data.requests).toBe(requests);
  });

  await test.step('stopping a query ends its fetching', async () => {
    await startSlowly('SELECT sum(x) AS x, sum(y) AS y FROM lab.sorted');
    const endThem = await deafen(page);
    const from = performance.now();
    const said = await stop(cell);
    await expect.poll(() => network.passing(DATA), { intervals: [10] }).toBe(0);
    const ended = Math.round(performance.now() - from);
    console.log(
      `fetching: said to be stopped after ${Math.round(said)} ms, connections ended within ${ended} ms`,
    );
    await endThem();
    const { passed } = network;
    network.heal();
    await answersInTab('SELECT 6 * 7 AS answer');
    expect(network.passed - passed).toBeLessThan(500_000);
  });

  await test.step('stopping a query ends its computing', async () => {
    for (const sql of [ENDLESS, ENDLESS_RECURSION]) {
      await cell.write(sql);
      await start(tab);
      const said = await stop(cell);
      const from = performance.now();
      await answersInTab('SELECT 41 + 1 AS answer');
      const next = Math.round(performance.now() - from);
      console.log(
        `computing: said to be stopped after ${Math.round(said)} ms, another written and answered in ${next} ms`,
      );
    }
  });

  await test.step('what fails after its first rows is said, and is no answer', async () => {
    await cell.write(
      "SELECT CAST(CASE WHEN i < 900000 THEN '1' ELSE 'one' END AS INTEGER) AS n FROM range(950000) t(i)",
    );
    await cell.run();
    await expect(cell.error).toContainText("'one'");
    await expect(cell.badge).toHaveCount(0);
  });

  await test.step('connections that break are made anew', async () => {
    const sql = 'SELECT sum(x) AS x, sum(y) AS y FROM lab.sorted';
    await startSlowly(sql);
    const { requests } = data;
    network.cut();
    await expect.poll(() => data.requests).toBeGreaterThan(requests);
    network.heal();
    await expect(cell.badge).toBeVisible();
    await expect.poll(async () => cell.rows()).toEqual(await expected(sql));
  });

  await test.step('a file that is gone between plan and read is looked for once more', async () => {
    await write('CREATE TABLE lab.moving AS SELECT range AS i FROM range(1000)');
    await write('INSERT INTO lab.moving SELECT range AS i FROM range(1000, 3000)');
    const { files } = await server.get('/tables/lab.moving/files', tableFiles);
    let plans = 0;
    await page.route('**/api/v1/plan', async (route) => {
      const planned = await route.fetch();
      // Not those that only ask whether the branch has moved on.
      const { engine } = route.request().postDataJSON() as { readonly engine?: string };
      if (engine !== undefined && plans++ === 0) {
        // As a collection of what no commit reads would have it.
        await write('CREATE OR REPLACE TABLE lab.moving AS SELECT range AS i FROM range(3000)');
        for (const { path } of files) await rm(fileURLToPath(path));
      }
      await route.fulfill({ response: planned });
    });
    await cell.write('SELECT count(*) AS n, sum(i) AS s FROM lab.moving WHERE i >= 5');
    await answers(cell, [['2,995', '4,498,490']]);
    expect(plans).toBe(2);
    await page.unroute('**/api/v1/plan');
  });

  await test.step('a worker that ends without a word is started anew', async () => {
    const end = (worker: RegExp) => {
      const ended = page.workers().filter((each) => worker.test(each.url()));
      expect(ended.length).toBeGreaterThan(0);
      // Closed by itself, a worker says nothing to the page, and no answer comes back to here.
      for (const each of ended) each.evaluate(() => self.close()).catch(() => undefined);
    };
    await cell.write(ENDLESS);
    await start(tab);
    end(/engine\.worker/);
    await expect(cell.error).toContainText(
      'The tab’s engine broke down (its worker ended). Run the query again.',
    );
    await cell.write('SELECT 40 + 2 AS answer');
    await answersOnceStarted(tab);
    // Nothing that was kept of it may stand in for the network.
    await write('CREATE TABLE lab.fresh AS FROM lab.sorted');
    const sql = 'SELECT sum(y) AS y FROM lab.fresh';
    await startSlowly(sql);
    end(/decode\.worker/);
    await expect(cell.error).toContainText('What reads data files in this tab ended. Run the query again.');
    network.heal();
    await answersInTab(sql);
  });
  await page.close();
});

test('a server that dies in the middle of an answer is said to, and the next one answers', async ({
  browser,
}) => {
  test.slow();
  const tab = await openTab(browser, 'server');
  const { page, cell } = tab;
  await cell.write('SELECT id, x FROM lab.sorted ORDER BY y, id LIMIT 500000');
  network.slow(500_000);
  await start(tab);
  await expect(cell.frame.getByText('Receives rows')).toBeVisible();
  network.cut();
  await expect(cell.error).toContainText('The server’s answer broke off. Run the query again.');
  network.heal();
  await cell.write('SELECT max(id) AS n FROM lab.sorted WHERE x >= 0');
  await answers(cell, [['999,999']]);
  // What fails when rows are on their way already is said as what fails before.
  await cell.write("SELECT CASE WHEN id = 950000 THEN error('no more of ' || id) END AS e FROM lab.sorted");
  await cell.run();
  await expect(cell.error).toContainText('no more of 950000');
  await page.close();
});

test('a tab loads nothing behind the server’s answers where a person wants it so', async ({ browser }) => {
  test.slow();
  const { page, cell } = await openTab(browser, 'auto');
  const choose = async (wanted: boolean) => {
    await page.getByRole('button', { name: 'DuckDB is ready' }).click();
    await page.getByRole('checkbox', { name: 'Load data behind the server’s answers' }).setChecked(wanted);
    await page.keyboard.press('Escape');
  };
  await choose(false);
  for (const [from, sum] of [
    [999_998, '1,999,997'],
    [999_999, '999,999'],
  ] as const) {
    await cell.write(`SELECT sum(id) AS n FROM lab.sorted WHERE id >= ${from}`);
    await answers(cell, [[sum]]);
    await expect(cell.badge).toHaveAccessibleName('Answered by the server');
    await cell.badge.click();
    await expect(page.getByText(/^It needs .* in 1 file that the tab does not hold yet\.$/)).toBeVisible();
    await page.keyboard.press('Escape');
  }
  await choose(true);
  const held = page.getByRole('button', { name: /[1-9].* in this tab$/ });
  await cell.write('SELECT sum(id) AS n FROM lab.sorted WHERE id >= 999997');
  await answers(cell, [['2,999,994']]);
  await expect(held).toBeVisible();
  await expect(async () => {
    await cell.run();
    await expect(cell.badge).toHaveAccessibleName('Answered by this tab');
  }).toPass();
  await answers(cell, [['2,999,994']]);
  await page.close();
});

test('a page at rest rehearses a query, of which nothing stays', async ({ browser }) => {
  const { page, cell } = await openTab(browser, 'browser');
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  const rehearsed = () => page.evaluate(() => performance.getEntriesByName('timestream.rehearsed').length);
  await expect.poll(rehearsed, { timeout: 60_000 }).toBe(1);
  await expect(page.getByRole('button', { name: 'DuckDB is ready' })).toBeVisible();
  await expect(page.getByRole('button', { name: /[1-9].* in this tab$/ })).toHaveCount(0);
  await cell.write('SELECT sum(id) AS n FROM lab.sorted WHERE id >= 999998');
  await answers(cell, [['1,999,997']]);
  await expect(cell.badge).toHaveAccessibleName('Answered by this tab');
  expect(complaints).toEqual([]);
  await page.close();
});
