import { expect, test, type Page } from '@playwright/test';
import { openCell } from '../pages/notebook-page.ts';
import { openWorkbench } from '../pages/workbench.ts';

/** Types into the editor that has the focus, in place of all that it holds. */
async function rewrite(page: Page, text: string): Promise<void> {
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.press('Delete');
  await page.keyboard.type(text, { delay: 20 });
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
