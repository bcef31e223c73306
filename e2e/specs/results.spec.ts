import { readFile, stat } from 'node:fs/promises';
import { DuckDBInstance } from '@duckdb/node-api';
import { expect, test, type Page } from '@playwright/test';
import { readSheet } from 'read-excel-file/node';
import { expectNoFaults } from '../pages/no-faults.ts';
import { openCell } from '../pages/notebook-page.ts';
import { ResultPanel } from '../pages/result-panel.ts';
import { said } from '../pages/said.ts';
import { openWorkbench } from '../pages/workbench.ts';

/** A browser that has no File System Access: its own downloads take the file. */
const withoutPicker = (page: Page) =>
  page.addInitScript(() => Reflect.deleteProperty(window, 'showSaveFilePicker'));

test('rows are sorted and filtered by the engine over all of them, and undone one by one', async ({
  page,
}) => {
  await openWorkbench(page);
  const cell = await openCell(page, 'SELECT date, delay, distance, origin FROM bronze.flights');
  await cell.run();
  const rows = new ResultPanel(page, cell.frame, 'cell 1');
  // The page has a third of the rows; the largest delay of all is the engine's to find.
  await rows.sort('delay', 'Sort descending');
  await expect.poll(() => rows.values(1, 2)).toEqual(['1,688', '1,575']);
  await rows.filter('origin', 'is', 'SFO');
  await expect(rows.bar.getByText('rows match')).toBeVisible();
  await expect.poll(async () => new Set(await rows.values(3, 8))).toEqual(new Set(['SFO']));
  await rows.bar.getByRole('button', { name: 'Remove: origin is SFO' }).click();
  await expect.poll(() => rows.values(1, 1)).toEqual(['1,688']);
  await rows.bar.getByRole('button', { name: 'Clear' }).click();
  await expect(rows.header('delay')).not.toHaveAttribute('aria-sort');
  // What does not fit the column's type is said, and the rows stay.
  await rows.filter('delay', 'is more than', 'soon');
  await expect(rows.bar.getByText(/soon/)).toHaveCount(2);
});

test('columns show their figures, by keys too, and a frequent value becomes a filter', async ({ page }) => {
  await openWorkbench(page, '/catalog/bronze.flights?tab=preview');
  const rows = new ResultPanel(page, page.getByRole('tabpanel', { name: 'Preview' }), 'bronze.flights');
  await rows.bar.getByRole('button', { name: 'Figures of the columns' }).click();
  await expect(rows.header('delay')).toContainText('no NULL');
  await rows.grid.focus();
  for (const key of ['ArrowDown', 'ArrowRight', 'ArrowRight', 'ArrowRight', 'ArrowUp', 'ArrowUp', 'Enter'])
    await page.keyboard.press(key);
  const menu = page.getByRole('dialog', { name: 'Column origin' });
  await expect(menu.getByText('3,000,000')).toBeVisible();
  const frequent = menu.getByRole('region', { name: 'Most frequent values' });
  await expect(frequent.getByRole('button').first()).toContainText('ORD');
  await expectNoFaults(page);
  await frequent.getByRole('button').first().click();
  await expect.poll(async () => new Set(await rows.values(3, 5))).toEqual(new Set(['ORD']));
});

test('the whole result is exported, in the order and with the filters that are on', async ({ page }) => {
  await withoutPicker(page);
  await openWorkbench(page);
  const cell = await openCell(page, 'SELECT origin, date, delay FROM bronze.flights');
  await cell.run();
  const rows = new ResultPanel(page, cell.frame, 'cell 1');
  const reader = await (await DuckDBInstance.create(':memory:')).connect();
  const read = async (sql: string) => (await reader.runAndReadAll(sql)).getRowsJson();

  const parquet = await rows.export(/^Parquet/);
  expect(parquet.suggestedFilename()).toBe('A test cell 1.parquet');
  const path = await parquet.path();
  expect(await read(`SELECT count(*), max(delay) FROM read_parquet('${path}')`)).toEqual([
    ['3000000', '1688'],
  ]);
  await expect(said(page, 'Exported 3,000,000 rows')).toBeVisible();

  await rows.filter('delay', 'is more than', '1400');
  await rows.sort('delay', 'Sort descending');
  const csv = await (await rows.export(/^CSV/)).path();
  const [first] = await read(`SELECT delay FROM read_csv('${csv}')`);
  expect(first).toEqual(['1688']);
  const [counted] = await read(`SELECT count(*), min(delay) > 1400 FROM read_csv('${csv}')`);
  expect(counted?.[1]).toBe(true);
  const sheet = await readSheet(await readFile((await (await rows.export(/^Excel/)).path()) ?? ''));
  expect(sheet).toHaveLength(Number(counted?.[0]) + 1);
  expect(sheet[1]?.[2]).toBe(1688);
  reader.closeSync();
});

test('where the browser can write to disk, the file is streamed into the place that was chosen', async ({
  page,
}) => {
  // The picker is the browser's own window, which no test can drive: a file of the page's own stands for the choice.
  await page.addInitScript(() => {
    Object.assign(window, {
      showSaveFilePicker: async ({ suggestedName }: { suggestedName: string }) =>
        (await navigator.storage.getDirectory()).getFileHandle(suggestedName, { create: true }),
    });
  });
  await openWorkbench(page);
  const cell = await openCell(page, 'SELECT i AS n FROM range(1000) t(i)');
  await cell.run();
  await cell.frame.getByRole('button', { name: /^Export the result of/ }).click();
  await page.getByRole('menuitem', { name: /^CSV/ }).click();
  await expect(said(page, 'Exported 1,000 rows')).toBeVisible();
  const written = async (ending: string) => {
    const bytes = await page.evaluate(async (name) => {
      const folder = await navigator.storage.getDirectory();
      const file = await (await folder.getFileHandle(name)).getFile();
      return [...new Uint8Array(await file.arrayBuffer())];
    }, `A test cell 1.${ending}`);
    return Buffer.from(bytes);
  };
  const text = (await written('csv')).toString();
  expect(text.split('\n')).toHaveLength(1002);
  expect(text.startsWith('n\n0\n1\n')).toBe(true);

  // What would be other rows if it ran again is written as it is shown; of what is not all here, that is said before.
  const varying = await openCell(page, 'SELECT uuid() AS id, now() AS at FROM range(3)');
  await varying.run();
  const shown = (await varying.rows()).map(([id]) => id);
  const exportAs = async (format: RegExp) => {
    await varying.frame.getByRole('button', { name: /^Export the result of/ }).click();
    await expect(page.getByText('As they are shown')).toBeVisible();
    await page.getByRole('menuitem', { name: format }).click();
    await expect(said(page, 'Exported 3 rows')).toBeVisible();
    await said(page, 'Exported 3 rows').getByRole('button', { name: 'Dismiss' }).click();
    await expect(said(page, 'Exported 3 rows')).toHaveCount(0);
  };
  await exportAs(/^CSV/);
  const lines = (await written('csv')).toString().split('\n');
  expect(lines.map((line) => line.split(',')[0])).toEqual(['id', ...shown, '']);
  await exportAs(/^Excel/);
  expect((await readSheet(await written('xlsx'))).map(([id]) => id)).toEqual(['id', ...shown]);
  await varying.write('SELECT random() AS r FROM range(1000001)');
  await varying.run();
  await varying.frame.getByRole('button', { name: /^Export the result of/ }).click();
  await expect(page.getByText('gives other rows than are shown')).toBeVisible();
  await page.keyboard.press('Escape');
});

test('charts are computed from all rows, change by dragging a column, and are saved as images', async ({
  page,
}) => {
  test.slow();
  await withoutPicker(page);
  await openWorkbench(page);
  const cell = await openCell(page, 'SELECT date, delay, distance FROM bronze.flights');
  await cell.run();
  await cell.frame.getByRole('radio', { name: 'Chart' }).click();
  await expect(cell.frame.getByText(/Computed by the engine from all rows.*M4/)).toBeVisible();
  const toolbar = cell.frame.getByRole('toolbar', { name: 'Chart' });
  const choose = async (type: string) => {
    await toolbar.getByRole('button', { name: /^Chart type/ }).click();
    await page.getByRole('menuitemradio', { name: type, exact: true }).click();
  };
  await choose('Histogram');
  await expect(cell.frame.getByRole('img', { name: /^Histogram of delay.*3,000,000 values/ })).toBeVisible();
  await cell.frame
    .getByRole('list', { name: 'Columns to drag into the chart' })
    .getByText('distance')
    .dragTo(toolbar.getByText('Values', { exact: true }));
  await expect(cell.frame.getByRole('img', { name: /^Histogram of distance/ })).toBeVisible();
  const save = async (item: RegExp) => {
    await toolbar.getByRole('button', { name: 'Save the chart as an image' }).click();
    const download = page.waitForEvent('download');
    await page.getByRole('menuitem', { name: item }).click();
    return (await download).path();
  };
  const svg = await readFile(await save(/^SVG/), 'utf8');
  expect(svg).toContain('<rect');
  expect(svg).not.toContain('var(');
  const png = await save(/^PNG/);
  expect((await readFile(png)).subarray(1, 4).toString()).toBe('PNG');
  expect((await stat(png)).size).toBeGreaterThan(5000);
  await choose('Box plot');
  await expect(cell.frame.getByRole('img', { name: /^Box plot of/ })).toBeVisible();
  await expectNoFaults(page);
});

test('a table is profiled column by column and sampled', async ({ page }) => {
  await openWorkbench(page, '/catalog/bronze.airports?tab=profile');
  const profile = page.getByRole('table', { name: 'Profile of the columns' });
  await expect(profile.getByRole('row', { name: /^latitude/ })).toContainText('71.28');
  await expect(profile.getByRole('row', { name: /^state/ })).toContainText('NULL');
  await page.getByRole('tab', { name: 'Preview' }).click();
  await page.getByRole('radio', { name: 'Sample' }).click();
  await expect(page.getByText(/^Sample of 500 rows/)).toBeVisible();
});
