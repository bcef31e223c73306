import { expect, test, type Locator, type Page } from '@playwright/test';
import { CellsPage } from '../pages/cells-page.ts';
import { openCell } from '../pages/notebook-page.ts';
import { openWorkbench } from '../pages/workbench.ts';

/** Types into the editor that has the focus, in place of all that it holds. */
async function rewrite(page: Page, text: string): Promise<void> {
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.press('Delete');
  await page.keyboard.type(text, { delay: 20 });
}

/** The only line of an editor; Monaco writes spaces that do not break. */
async function textOf(editor: Locator): Promise<string> {
  return ((await editor.locator('.view-line').textContent()) ?? '').replaceAll('\u00a0', ' ');
}

test('what is written is completed from the tables, the queries in it and the functions of the engine', async ({
  page,
}) => {
  await openWorkbench(page);
  const cell = await openCell(page, 'SELECT 1');
  const option = (name: RegExp) => page.getByRole('option', { name });

  await rewrite(page, 'SELECT * FROM bronze.fli');
  await page.keyboard.press('ControlOrMeta+Space');
  await expect(option(/^flights/)).toBeVisible();
  await page.keyboard.press('Enter');

  await rewrite(page, 'FROM (SELECT origin AS start_of_it FROM bronze.flights) SELECT start_');
  await page.keyboard.press('ControlOrMeta+Space');
  await expect(option(/^start_of_it/)).toBeVisible();
  await page.keyboard.press('Tab');
  await page.keyboard.type(' LIMIT 1');
  await cell.run();
  await expect(cell.grid).toBeVisible();

  await rewrite(page, 'SELECT date_tru');
  await page.keyboard.press('ControlOrMeta+Space');
  await page.keyboard.press('Tab');
  await expect(page.getByText('part: varchar').first()).toBeVisible();

  await rewrite(page, "FROM bronze.flights AT (VERSION => '");
  await expect(option(/^main/)).toBeVisible();

  // The commonest come first, and what is typed finds the others.
  await rewrite(page, "SELECT count(*) AS n FROM bronze.flights AS f WHERE f.origin = '");
  await expect(option(/^ATL/)).toBeVisible();
  await page.keyboard.type('S');
  await expect(option(/^ATL/)).toBeHidden();
  await page.keyboard.type('FO');
  await expect(option(/^SFO/)).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(cell.frame.getByRole('code')).toContainText(/f\.origin\s=\s'SFO'(?!')/);
  await cell.run();
  await expect(cell.grid).toBeVisible();
});

test('quotes are closed and typed over as the SQL has them, behind a backslash too', async ({ page }) => {
  await openWorkbench(page);
  const cell = await openCell(page, 'SELECT 1');
  for (const written of [
    String.raw`SELECT 'a_b' LIKE 'a\_b' ESCAPE '\' AS x`,
    String.raw`SELECT E'it\'s \\' AS x`,
    String.raw`SELECT 'it''s' AS "a ""b"" it's \"`,
  ]) {
    await rewrite(page, written);
    await expect.poll(() => textOf(cell.frame.getByRole('code'))).toBe(written);
    await cell.run();
    await expect(cell.grid).toBeVisible();
  }
});

test('a wrong name is underlined while it is written, and corrected by a key', async ({ page }) => {
  await openWorkbench(page);
  const cell = await openCell(page, 'SELECT 1');
  await rewrite(page, 'SELECT delya FROM bronze.flights LIMIT 1');
  await page.keyboard.press('Home');
  for (const _ of 'SELECT d') await page.keyboard.press('ArrowRight');
  // The list is empty until the server has said what is wrong.
  await expect(async () => {
    await page.keyboard.press('ControlOrMeta+Period');
    await expect(page.getByText('Write delay')).toBeVisible({ timeout: 1000 });
  }).toPass();
  await page.keyboard.press('Enter');
  await page.keyboard.press('ControlOrMeta+Enter');
  await expect(cell.grid).toBeVisible();
  await expect(cell.grid.getByRole('columnheader', { name: /delay/ })).toBeVisible();
});

test('columns of a cell that never ran are completed, shown and checked, and each such cell is asked of once', async ({
  page,
}) => {
  await openWorkbench(page);
  const sql = { kind: 'sql', view: 'grid' };
  const byDay = 'SELECT date::DATE AS day_of_it, max(delay) AS longest FROM late GROUP BY ALL';
  const broken = 'SELECT nothing FROM late';
  const asked: string[] = [];
  page.on('request', (request) => {
    if (!request.url().endsWith('/api/v1/check')) return;
    const { sql: text } = request.postDataJSON() as { readonly sql: string };
    asked.push(...[byDay, broken].filter((each) => text.trim().endsWith(each)));
  });
  const cells = await CellsPage.open(page, 'Columns of cells', [
    { ...sql, id: '1', name: 'late', source: 'SELECT * FROM bronze.flights WHERE delay > $least' },
    { ...sql, id: '2', name: 'by_day', source: byDay },
    { ...sql, id: '3', name: 'broken', source: broken },
    { ...sql, id: '4', source: 'SELECT 1' },
    { id: '5', kind: 'input', name: 'least', control: { type: 'number', value: '600' } },
  ]);
  const own = cells.cell(4).getByRole('code');
  const option = (name: RegExp) => page.getByRole('option', { name });
  await own.click();
  await rewrite(page, 'SELECT b.longest FROM by_day b, broken WHERE b.');
  await page.keyboard.press('ControlOrMeta+Space');
  await expect(option(/^day_of_it/)).toBeVisible();
  await expect(option(/^longest/)).toBeVisible();
  await page.keyboard.press('Escape');

  await rewrite(page, 'SELECT longst FROM by_day');
  await page.keyboard.press('Home');
  for (const _ of 'SELECT l') await page.keyboard.press('ArrowRight');
  await expect(async () => {
    await page.keyboard.press('ControlOrMeta+Period');
    await expect(page.getByText('Write longest')).toBeVisible({ timeout: 1000 });
  }).toPass();
  await page.keyboard.press('Enter');
  await expect(own).toContainText(/SELECT\slongest\sFROM\sby_day/);
  // What was corrected is looked at once more, which takes away what is shown meanwhile.
  await expect(async () => {
    await page.mouse.move(0, 0);
    await own.getByText('longest').first().hover();
    await expect(page.getByRole('tooltip').filter({ hasText: 'Column of by_day.' })).toBeVisible({
      timeout: 2000,
    });
  }).toPass();
  // Nothing ran for it, and of each cell was asked once in a while, though the text changed at every key.
  expect([...new Set(asked)].toSorted()).toEqual([byDay, broken]);
  expect(asked.length).toBeLessThan(20);
  await expect(page.getByRole('grid')).toHaveCount(0);
});

test('an alias gets another name wherever it is used, and a table leads to its page', async ({ page }) => {
  await openWorkbench(page);
  const cell = await openCell(page, 'SELECT 1');
  await rewrite(page, 'SELECT f.delay FROM bronze.flights f WHERE f.delay > 1 LIMIT 1');
  await page.keyboard.press('Home');
  for (const _ of 'SELECT f') await page.keyboard.press('ArrowRight');
  await page.keyboard.press('F2');
  await expect(page.getByRole('textbox', { name: /^Rename input/ })).toBeFocused();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('trip');
  await page.keyboard.press('Enter');
  await expect(cell.frame.getByRole('code')).toContainText(
    /SELECT\strip\.delay\sFROM\sbronze\.flights\strip\sWHERE\strip\.delay/,
  );
  await page.keyboard.press('Home');
  for (const _ of 'SELECT trip.delay FROM bronze.fl') await page.keyboard.press('ArrowRight');
  await page.keyboard.press('F12');
  await expect(page).toHaveURL(/catalog\/bronze\.flights/);
});

test('text is found and replaced in all cells at once', async ({ page }) => {
  await openWorkbench(page);
  const cell = await openCell(page, 'SELECT 1 AS one, 1 AS two');
  await page.keyboard.press('Escape');
  await page.keyboard.press('ControlOrMeta+Shift+h');
  const bar = page.getByRole('search', { name: 'Find and replace in all cells' });
  await bar.getByRole('textbox', { name: 'Find' }).fill('1 AS');
  await expect(bar.getByRole('status')).toHaveText('1 of 2');
  await bar.getByRole('textbox', { name: 'Replace with' }).fill('7 AS');
  await bar.getByRole('button', { name: 'Replace all' }).click();
  await expect(cell.frame.getByRole('code')).toContainText(/SELECT\s7\sAS\sone,\s7\sAS\stwo/);
  await page.keyboard.press('Escape');
});
