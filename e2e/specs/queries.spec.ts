import { randomUUID } from 'node:crypto';
import { expect, test } from '@playwright/test';
import { expectNoFaults } from '../pages/no-faults.ts';
import { openCell, SqlCell } from '../pages/notebook-page.ts';
import { QueriesPage } from '../pages/queries-page.ts';
import { said } from '../pages/said.ts';
import { openWorkbench } from '../pages/workbench.ts';

/** A word that no other test, and no other try of this one, writes. */
const word = () => `w${randomUUID().replaceAll('-', '').slice(0, 12)}`;

test('what was run is found again, by words and by state, and runs again in a new cell', async ({ page }) => {
  const mark = word();
  const queries = new QueriesPage(page);
  await openWorkbench(page);
  const cell = await openCell(page, `SELECT 41 + 1 AS ${mark}`);
  await cell.run();
  await cell.write(`SELECT nowhere AS ${mark} FROM bronze.flights`);
  await cell.run();
  await expect(cell.error).toBeVisible();

  // The server is away for a while: what runs then is told later, by another page.
  await page.route('**/api/v1/query-runs', (route) => route.abort());
  await cell.write(`SELECT 'late' AS ${mark}`);
  const refused = page.waitForEvent('requestfailed', (request) => request.url().endsWith('/query-runs'));
  await cell.run();
  await refused;
  await page.unroute('**/api/v1/query-runs');
  await page.goto('/queries');
  await queries.searchHistory(mark);
  await expect(queries.runs.getByRole('rowheader')).toHaveCount(3);
  await queries.onlyOf('Failed');
  await expect(queries.runs.getByRole('rowheader')).toHaveCount(1);
  await queries
    .run(/nowhere/)
    .getByRole('button')
    .click();
  await expect(page.getByText(/There is no column nowhere/)).toBeVisible();
  await queries.onlyOf('Done');
  await expect(queries.runs.getByRole('rowheader')).toHaveCount(2);
  await page.reload();
  await expect(queries.runs.getByRole('rowheader')).toHaveCount(2);

  // By the keyboard: into the list, down, open.
  await page.getByRole('searchbox', { name: 'Search the history' }).press('ArrowDown');
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await expect(page.getByLabel('SQL of the run')).toHaveText(`SELECT 41 + 1 AS ${mark}`);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await expectNoFaults(page);
  }
  await queries.do('Run again in a new cell');
  const again = new SqlCell(page, 2);
  await expect(again.badge).toBeVisible();
  await expect.poll(() => again.rows()).toEqual([['42']]);
  await page.goto(`/queries?q=${word()}`);
  await expect(page.getByText('No run matches')).toBeVisible();
  await queries.do('Show all');
  await expect(queries.runs).toBeVisible();
});

test('a cell is kept under a name, found, shared by its link, opened as a cell; a snippet is offered as one types', async ({
  page,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const mark = word();
  const queries = new QueriesPage(page);
  await openWorkbench(page);
  await openCell(page, `SELECT 6 * 7 AS ${mark}`);
  await page.getByRole('button', { name: 'Save SQL cell 1 as a query' }).click();
  await queries.keepAs(`Answer ${mark}`, { folder: ' Reports / Daily ' });
  await expect(said(page, `“Answer ${mark}” is saved.`)).toBeVisible();

  await page.goto('/queries/saved');
  await page.getByRole('searchbox', { name: 'Find a saved query' }).fill(mark);
  await expect(page.getByText('Reports/Daily')).toBeVisible();
  await queries.savedOne(`Answer ${mark}`).click();
  await queries.do('Edit or rename…');
  await queries.keepAs(`Result ${mark}`);
  await expect(queries.savedOne(`Result ${mark}`)).toBeVisible();
  await queries.do('Copy link');
  await expect(said(page, 'The link is copied.')).toBeVisible();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  await queries.do('New…');
  await queries.keepAs(`tpl${mark}`, {
    kind: 'Snippet',
    sql: "SELECT '${1:first}' AS a, '${2:second}' AS b",
  });
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await expectNoFaults(page);
  }

  await page.goto(link);
  await expect(page.getByLabel(`SQL of Result ${mark}`)).toHaveText(`SELECT 6 * 7 AS ${mark}`);
  await queries.do('Insert as a cell');
  const inserted = new SqlCell(page, 2);
  await expect(inserted.frame).toBeVisible();
  await page.getByRole('button', { name: 'Run SQL cell 2' }).click();
  await expect.poll(() => inserted.rows()).toEqual([['42']]);

  await inserted.write('');
  await page.keyboard.type(`tpl${mark}`);
  await expect(page.getByRole('option', { name: new RegExp(`tpl${mark}`) })).toBeVisible();
  await page.keyboard.press('Enter');
  await page.keyboard.type('one');
  await page.keyboard.press('Tab');
  await page.keyboard.type('two');
  await page.keyboard.press('ControlOrMeta+Enter');
  await expect.poll(() => inserted.rows()).toEqual([['one', 'two']]);

  await page.goto('/queries/saved');
  await page.getByRole('searchbox', { name: 'Find a saved query' }).fill(mark);
  await queries.savedOne(`Result ${mark}`).click();
  await queries.do('Delete');
  await expect(queries.savedOne(`Result ${mark}`)).toHaveCount(0);
  await said(page, `“Result ${mark}” is deleted.`).getByRole('button', { name: 'Undo' }).click();
  await expect(queries.savedOne(`Result ${mark}`)).toBeVisible();
});

test('notebooks that run by themselves: run now, what failed and why, pause and resume', async ({ page }) => {
  const mark = word();
  await openWorkbench(page);
  const cells = [
    { id: 'good', kind: 'sql', source: `SELECT '${mark}' AS word`, view: 'grid' },
    { id: 'bad', kind: 'sql', source: 'SELECT nowhere FROM bronze.flights', view: 'grid' },
  ];
  const made = await page.request.post('/api/v1/notebooks', { data: { title: `Nightly ${mark}`, cells } });
  const { id } = (await made.json()) as { id: string };
  const schedule = { every: 'day', minute: 0, hour: 3, weekday: 1, ref: 'main' };
  await page.request.put(`/api/v1/notebooks/${id}/schedule`, { data: { schedule } });

  await page.goto('/queries/schedules');
  const row = page.getByRole('table', { name: 'Schedules' }).getByRole('row', { name: new RegExp(mark) });
  await expect(row).toContainText('Every day at 03:00 UTC');
  await expect(row).toContainText('none yet');
  await row.getByRole('button', { name: `Run Nightly ${mark} now` }).click();
  await expect(row).toContainText('1 of 2 failed');
  await row.getByRole('button', { name: `Pause Nightly ${mark}` }).click();
  await expect(row).toContainText('Paused');
  await page.reload();
  await expect(row).toContainText('Paused');
  await row.getByRole('button', { name: `Resume Nightly ${mark}` }).click();
  await expect(row).not.toContainText('Paused');

  await page.getByRole('radio', { name: 'Failed' }).click();
  await page
    .getByRole('list', { name: 'Runs of notebooks' })
    .getByRole('button', { name: new RegExp(`Nightly ${mark}`) })
    .click();
  await expect(page.getByRole('cell', { name: mark, exact: true })).toBeVisible();
  await expect(page.getByText(/There is no column nowhere/)).toBeVisible();
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await expectNoFaults(page);
  }
  // Later tests find no schedule of this one's.
  await page.request.put(`/api/v1/notebooks/${id}/schedule`, { data: { schedule: null } });
});
