import { expect, test } from '@playwright/test';
import { openNative } from '../fixtures/native.ts';
import { openCell, SqlCell } from '../pages/notebook-page.ts';
import { openWorkbench } from '../pages/workbench.ts';

const QUERIES = [
  'SELECT count(*), sum(delay), min(delay), max(delay), count(DISTINCT origin) FROM bronze.flights',
  "SELECT date_trunc('month', date) AS month, count(*) AS flights, sum(distance) AS miles FROM bronze.flights GROUP BY month ORDER BY month",
  'SELECT origin, count(*) AS n, CAST(avg(delay) AS DECIMAL(10, 4)) AS mean FROM bronze.flights GROUP BY origin ORDER BY n DESC, origin LIMIT 12',
  `SELECT a.state, count(*) AS n FROM bronze.flights f JOIN bronze.airports a ON a.iata = f.origin
   WHERE f.date BETWEEN TIMESTAMP '2001-02-10' AND TIMESTAMP '2001-03-05' AND f.delay > 60 GROUP BY ALL ORDER BY n DESC, a.state LIMIT 12`,
  'SELECT origin, destination, delay, row_number() OVER (PARTITION BY origin ORDER BY delay DESC, date, destination) AS place FROM bronze.flights QUALIFY place = 1 ORDER BY delay DESC, origin LIMIT 10',
];

/** The grid groups digits; DuckDB's own text does not. */
const plain = (rows: string[][]) =>
  rows.map((row) => row.map((value) => value.replaceAll(/(?<=\d),(?=\d{3})/g, '')));

test('three million rows: the tab and the server give the figures of native DuckDB over the same files', async ({
  page,
}) => {
  test.slow();
  const native = await openNative();
  try {
    await openWorkbench(page);
    const cell = await openCell(page, 'SELECT 1');
    for (const sql of QUERIES) {
      const expected = await native.rows(sql);
      await cell.write(sql);
      await cell.run();
      await expect.poll(async () => plain(await cell.rows())).toEqual(expected);
      // What the tab did not hold the server answered, while the tab loaded it: soon the tab answers.
      await expect(async () => {
        await cell.run();
        await expect(cell.badge).toHaveAccessibleName('Answered by this tab', { timeout: 2000 });
      }).toPass({ timeout: 60_000 });
      expect(plain(await cell.rows())).toEqual(expected);
    }
  } finally {
    native.close();
  }
});

test('the first visit: a notebook that runs, its chart, and travel to an older snapshot', async ({
  page,
}) => {
  await openWorkbench(page, '/notebooks/welcome');
  await expect(
    page.getByRole('heading', { level: 1, name: 'First look at three million flights' }),
  ).toBeVisible();
  const readCountAt = async (moment: string | RegExp) => {
    await page.getByRole('button', { name: /^Snapshot of cell 6/ }).click();
    await page.getByRole('dialog', { name: 'Snapshot of cell 6' }).getByText(moment).click();
  };
  // The notebook keeps what is chosen below, also for a second try of this test.
  await readCountAt('Follow the notebook');
  await page.getByRole('button', { name: 'Run all' }).click();
  const months = new SqlCell(page, 2);
  await expect(months.badge).toBeVisible();
  expect((await months.rows())[0]).toEqual(['2001-01-01 00:00:00', '508,239', '6.3']);
  await expect(
    page.getByRole('figure', { name: /^Line chart of mean_delay, worst_tenth by hour/ }),
  ).toBeVisible();

  const count = new SqlCell(page, 6);
  await expect(count.badge).toBeVisible();
  expect((await count.rows())[0]?.[0]).toBe('3,000,000');
  await readCountAt(/Load flights of February 2001/);
  await page.getByRole('button', { name: 'Run SQL cell 6' }).click();
  await expect.poll(async () => (await count.rows())[0]?.[0]).toBe('966,409');
});

test('AT (VERSION => …) reads a snapshot, a commit and a branch; one that does not exist is named', async ({
  page,
}) => {
  await openWorkbench(page);
  const history = (await (await page.request.get('/api/v1/tables/bronze.flights/history')).json()) as {
    snapshots: { snapshotId: string; totalRows: string }[];
  };
  const oldest = history.snapshots.at(-1);
  const cell = await openCell(
    page,
    `SELECT count(*) FROM bronze.flights AT (VERSION => ${oldest?.snapshotId})`,
  );
  await cell.run();
  expect(await cell.rows()).toEqual([['508,239']]);
  await cell.write('SELECT count(*) FROM bronze.flights AT (VERSION => 12345)');
  await cell.run();
  await expect(cell.error).toContainText('no snapshot 12345');
});

test('a slip in the SQL is explained where it is, with names that are near', async ({ page }) => {
  await openWorkbench(page);
  const cell = await openCell(page, 'SELECT dely FROM bronze.flights');
  await cell.run();
  await expect(cell.error).toContainText('There is no column dely');
  await expect(cell.error).toContainText('delay');
  await cell.write('SELECT count(*) FROM bronze.fligths');
  await cell.run();
  await expect(cell.error).toContainText('bronze.flights');
  await cell.write('SELECT count( FROM bronze.flights');
  await cell.run();
  await expect(cell.error).toContainText(/FROM/i);
  await cell.write('SELECT 41 + 1 AS answer');
  await cell.run();
  expect(await cell.rows()).toEqual([['42']]);
});

test('what is typed is there after a reload', async ({ page }) => {
  await openWorkbench(page);
  const cell = await openCell(page, 'SELECT 1');
  const saved = page.waitForResponse((response) => response.request().method() === 'PUT' && response.ok());
  await cell.write("SELECT 'kept' AS word");
  await saved;
  await page.reload();
  await expect(page.getByRole('textbox', { name: 'SQL, cell 1' })).toBeAttached();
  await expect(cell.frame).toContainText('kept');
});

test('a million rows are in the grid, down to the last', async ({ page }) => {
  test.slow();
  await openWorkbench(page);
  const cell = await openCell(page, 'SELECT range AS i, range * 2 AS double FROM range(1000000)');
  await cell.run();
  await expect(cell.frame).toContainText('1,000,000 rows');
  await cell.grid.focus();
  await page.keyboard.press('ControlOrMeta+End');
  await expect(cell.grid.getByRole('gridcell', { name: '1,999,998' })).toBeVisible();
});

test('a query that would never end is stopped, in the tab and on the server, and the next one answers', async ({
  page,
}) => {
  await openWorkbench(page);
  const endless = 'SELECT count(*) FROM range(100000000000) t(i) WHERE i % 7 = 3';
  // The second one needs a function that only the server has.
  const onServer = `SELECT count(*) FROM range(100000000000) t(i) WHERE json_array(i) = '[3]'`;
  const cell = await openCell(page, endless);
  for (const sql of [endless, onServer]) {
    await cell.write(sql);
    await page.keyboard.press('ControlOrMeta+Enter');
    const stop = cell.frame.getByRole('button', { name: /^Stop/ }).first();
    await expect(stop).toBeVisible();
    await page.waitForTimeout(1500);
    await stop.click();
    await expect(cell.frame.getByRole('button', { name: /^Stop/ })).toHaveCount(0);
    await cell.write('SELECT 6 * 7 AS answer');
    await cell.run();
    await expect.poll(() => cell.rows()).toEqual([['42']]);
  }
});
