import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { notebook as notebookSchema, notebookList } from '#shared/contract/notebooks.ts';
import { E2E_TOKEN } from '../fixtures/server.ts';
import { ServerProcess } from '../fixtures/server-process.ts';
import { expectNoFaults } from '../pages/no-faults.ts';
import { LocalFilesPanel } from '../pages/local-files.ts';
import { SqlCell } from '../pages/notebook-page.ts';
import { QueriesPage } from '../pages/queries-page.ts';

test.use({ serviceWorkers: 'allow' });

let folder: string;
test.beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'timestream-offline-'));
});
test.afterEach(() => rm(folder, { recursive: true, force: true }));

const sql = (id: string, source: string) => ({ id, kind: 'sql', source, view: 'grid' });

test('the page opens without its server, keeps what is written, and brings it together with what others did', async ({
  page,
  context,
}) => {
  test.slow();
  let server = new ServerProcess(folder, ['--no-demo']);
  try {
    const url = await server.url();
    const restart = async () => {
      server = new ServerProcess(folder, ['--no-demo', '--port', new URL(url).port]);
      await server.url();
    };
    const made = await server.post('/notebooks', {
      title: 'Week',
      cells: [sql('one', 'SELECT 1 AS before')],
    });
    const { id } = notebookSchema.parse(made.body);
    await page.goto(`${url}/notebooks/${id}?token=${E2E_TOKEN}`);
    await expect(page.getByRole('status').filter({ hasText: /^Saved$/ })).toBeVisible();
    await page.evaluate(async () => void (await navigator.serviceWorker.ready));
    // Once through the worker, which then has what the page is made of.
    await page.reload();
    const cell = new SqlCell(page, 1);
    await expect(cell.frame.getByRole('code')).toBeVisible();

    // What is saved now stands in for the server, not what was opened; and the answer says that it is an old one.
    await cell.frame.getByRole('code').click();
    await cell.run();
    await expect.poll(() => cell.rows()).toEqual([['1']]);
    await cell.write('SELECT 5 AS before');
    await page.getByRole('button', { name: /^Cells that rest on a change/ }).click();
    await page.getByRole('menuitemradio', { name: 'Are marked stale and wait' }).click();
    await expect
      .poll(async () => server.get(`/notebooks/${id}`, notebookSchema))
      .toMatchObject({ mode: 'manual', cells: [{ source: 'SELECT 5 AS before' }] });
    await expect(page.getByRole('status').filter({ hasText: /^Saved$/ })).toBeVisible();
    const { version } = await server.get(`/notebooks/${id}`, notebookSchema);

    await server.stop();
    const away = page.getByText('The server is away.');
    await page.reload();
    await expect(away).toBeVisible();
    await expect(cell.frame).toContainText('SELECT 5 AS before');
    await expect(cell.frame.getByText('Changed since')).toBeVisible();
    await expect(
      page.getByRole('button', { name: /^Cells that rest on a change: wait; 1 stale/ }),
    ).toBeVisible();
    await cell.write("SELECT 'written offline' AS word");
    await expect(page.getByText('Kept in this browser')).toBeVisible();
    await page.reload();
    await expect(away).toBeVisible();
    await expect(cell.frame).toContainText('written offline');
    await page.getByRole('textbox', { name: 'Title of the notebook' }).fill('A week away');
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await expectNoFaults(page);
    }
    await page.getByRole('link', { name: 'Queries' }).click();
    await expect(new QueriesPage(page).run('SELECT 1 AS before')).toContainText('Week');
    // The address alone: the notebook that was open last.
    await page.goto(url);
    await expect(page.getByRole('textbox', { name: 'Title of the notebook' })).toHaveValue('A week away');
    await expect(cell.frame).toContainText('written offline');

    // One that is begun now is a notebook like any; it is left before the server is back.
    await page.getByRole('button', { name: 'New notebook', exact: true }).click();
    await expect(page).not.toHaveURL(new RegExp(id));
    const begun = new URL(page.url()).pathname;
    const title = page.getByRole('textbox', { name: 'Title of the notebook' });
    await expect(title).toHaveValue(/^Untitled/);
    await title.fill('Begun offline');
    await cell.write("SELECT 'begun offline' AS word");
    await expect(page.getByText('Kept in this browser')).toBeVisible();
    await page.reload();
    await expect(title).toHaveValue('Begun offline');
    await expect(cell.frame).toContainText('begun offline');
    const waiting = page.getByRole('link', { name: 'Begun offline (not saved on the server yet)' });
    await expect(waiting).toBeVisible();
    await page.goto(`${url}/notebooks/${id}`);
    await expect(waiting).toBeVisible();

    // While this browser is away, somebody else writes too.
    await context.setOffline(true);
    await restart();
    const theirs = [sql('one', 'SELECT 5 AS before'), sql('two', 'SELECT 2 AS theirs')];
    const saved = await fetch(`${url}/api/v1/notebooks/${id}`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${E2E_TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify({ title: 'Week', mode: 'manual', cells: theirs, version }),
    });
    expect(saved.status).toBe(200);
    await context.setOffline(false);
    await expect(away).toHaveCount(0);
    await expect(page.getByRole('status').filter({ hasText: /^Saved$/ })).toBeVisible();
    await expect
      .poll(async () => server.get(`/notebooks/${id}`, notebookSchema))
      .toMatchObject({
        title: 'A week away',
        cells: [
          { id: 'one', source: "SELECT 'written offline' AS word" },
          { id: 'two', source: 'SELECT 2 AS theirs' },
        ],
      });
    await expect
      .poll(async () => (await server.get('/notebooks', notebookList)).notebooks)
      .toContainEqual(expect.objectContaining({ title: 'Begun offline', id: begun.split('/').at(-1) }));
    await expect(waiting).toHaveCount(0);
    await cell.run();
    await expect.poll(() => cell.rows()).toEqual([['written offline']]);
    await page.getByRole('link', { name: 'Begun offline' }).click();
    await expect(cell.frame).toContainText('begun offline');
    await expect(page.getByRole('status').filter({ hasText: /^Saved$/ })).toBeVisible();
  } finally {
    await server.stop();
  }
});

/** Of plans that outlive the page, and bytes of data files. */
function keptForLater(page: Page): Promise<{ plans: number; files: number }> {
  return page.evaluate(async () => {
    const count = async (database: string, store: string, range?: IDBKeyRange) => {
      const open = indexedDB.open(database);
      await new Promise((resolve) => open.addEventListener('success', resolve, { once: true }));
      const counted = open.result.transaction(store).objectStore(store).count(range);
      await new Promise((resolve) => counted.addEventListener('success', resolve, { once: true }));
      open.result.close();
      return counted.result;
    };
    const plans = IDBKeyRange.bound('plan/', 'plan/\uffff');
    return {
      plans: await count('timestream-kept', 'records', plans),
      files: await count('timestream-data-files', 'files'),
    };
  });
}

test('without its server the page queries files of the tab, also when it is opened so, and what it queried before', async ({
  page,
}) => {
  test.slow();
  const server = new ServerProcess(folder, ['--no-demo']);
  try {
    const url = await server.url();
    const made = await server.post('/notebooks', {
      title: 'Away',
      cells: [sql('one', 'SELECT 40 + 2 AS answer'), sql('two', 'SELECT count(*) AS n FROM sales')],
    });
    const { id } = notebookSchema.parse(made.body);
    for (const table of ['held', 'other']) {
      const rows = 'SELECT range % 2 AS k, range AS v FROM range(1000)';
      const statement = await server.post('/statements', { sql: `CREATE TABLE lab.${table} AS ${rows}` });
      expect(statement.status).toBe(200);
    }
    await page.goto(`${url}/notebooks/${id}?token=${E2E_TOKEN}`);
    const [one, two] = [new SqlCell(page, 1), new SqlCell(page, 2)];
    const files = new LocalFilesPanel(page);
    await files.open([{ name: 'sales.csv', content: 'day,amount\n2026-01-01,10\n2026-01-02,32\n' }]);
    const given = files.file('sales');
    await expect(given).toHaveAccessibleName(/^sales, 2 rows/);
    await two.write('SELECT count(*) AS n FROM sales');
    await two.run();
    await expect.poll(() => two.rows()).toEqual([['2']]);
    // The worker has the engine once the page is loaded, and tells nobody.
    await page.evaluate(async () => void (await navigator.serviceWorker.ready));
    const kept = () =>
      page.evaluate(async () => {
        const names = await caches.keys();
        const all = await Promise.all(
          names.map(async (name) => (await (await caches.open(name)).keys()).map((each) => each.url)),
        );
        return all
          .flat()
          .filter((each) => /(duckdb-|parquet).*\.wasm|(local-file|engine|decode|fetch)\.worker/.test(each))
          .length;
      });
    await expect.poll(kept, { timeout: 60_000 }).toBe(6);
    // One table is read by the server, and one by the tab.
    const engine = async (name: string) => {
      await page.evaluate((value) => localStorage.setItem('timestream.engine', value), name);
      await page.reload();
    };
    const [other, held] = ['other', 'held'].map(
      (table) => `SELECT k, sum(v) AS total FROM lab.${table} GROUP BY k ORDER BY k`,
    );
    const totals = [
      ['0', '249,500'],
      ['1', '250,000'],
    ];
    for (const [name, source, by] of [
      ['server', other, 'Answered by the server'],
      ['browser', held, 'Answered by this tab'],
    ] as const) {
      await engine(name);
      await one.write(source ?? '');
      await one.run();
      await expect(one.badge).toHaveAccessibleName(by);
      await expect.poll(() => one.rows()).toEqual(totals);
    }
    await expect.poll(() => keptForLater(page)).toMatchObject({ files: 1 });
    await expect.poll(async () => (await keptForLater(page)).plans).toBeGreaterThan(1);

    await server.stop();
    await two.write('SELECT sum(amount) AS total FROM sales WHERE amount > 0');
    await two.run();
    await expect.poll(() => two.rows()).toEqual([['42']]);
    await page.reload();
    await expect(page.getByText('The server is away.')).toBeVisible();
    await expect(given).toHaveAccessibleName(/^sales, 2 rows/, { timeout: 60_000 });
    await two.write('SELECT max(amount) AS most FROM sales');
    await two.run();
    await expect.poll(() => two.rows()).toEqual([['32']]);
    await one.write(held ?? '');
    await one.run();
    await expect(one.badge).toHaveAccessibleName('Answered by this tab');
    await expect.poll(() => one.rows()).toEqual(totals);
    await one.write(other ?? '');
    await one.run();
    await expect(one.error).toContainText('does not hold all that the query reads of lab.other.');
    await one.write('SELECT * FROM bronze.flights');
    await one.run();
    await expect(one.error).toContainText('does not hold all that the query reads.');
  } finally {
    await server.stop();
  }
});
