import { expect, test } from '@playwright/test';
import { logPage } from '#shared/contract/refs.ts';
import { openCell } from '../pages/notebook-page.ts';
import { TopBar } from '../pages/top-bar.ts';
import { openWorkbench } from '../pages/workbench.ts';

const COUNT = 'SELECT count(*) AS n FROM bronze.flights';

test('an address names a place in history by a commit, long or short, or by a time', async ({ page }) => {
  await openWorkbench(page);
  const answer = await page.request.get('/api/v1/refs/main/log');
  const { entries } = logPage.parse(await answer.json());
  const february = entries.find((each) => each.message === 'Load flights of February 2001');
  const { hash = '', time = '' } = february ?? {};
  const cell = await openCell(page, COUNT);
  const { pathname } = new URL(page.url());
  const bar = new TopBar(page);
  for (const ref of [`main@${hash}`, `main@${hash.slice(0, 8)}`, hash]) {
    await page.goto(`${pathname}?ref=${ref}`);
    await expect(bar.time).toContainText('Load flights of February 2001');
    await expect(bar.time).toContainText(hash.slice(0, 8));
    await expect(bar.readOnly).toBeVisible();
    await cell.frame.getByRole('code').click();
    await cell.run();
    await expect.poll(() => cell.rows()).toEqual([['966,409']]);
  }
  await page.goto(`${pathname}?ref=main*${time}`);
  await expect(bar.time).toContainText(/:\d\d/);
  await cell.frame.getByRole('code').click();
  await cell.run();
  await expect.poll(() => cell.rows()).toEqual([['966,409']]);

  await bar.back('now').click();
  await expect(page).not.toHaveURL(/ref=/);
  await expect.poll(() => cell.rows()).toEqual([['3,000,000']]);
});

test('an address that names no branch says so, and leads back to the main one', async ({ page }) => {
  await openWorkbench(page, '/?ref=nope');
  const bar = new TopBar(page);
  await expect(bar.ref).toHaveAccessibleName('nope, which does not exist');
  await expect(bar.time).toContainText('does not exist');
  await expect(page.getByText('There is no branch or tag "nope"', { exact: false }).first()).toBeVisible();
  await bar.back('main').click();
  await expect(page).not.toHaveURL(/ref=/);
  await expect(bar.ref).toHaveAccessibleName('Branch main');
});

test('the snapshot of a cell is chosen by keys alone, and the keys stay with the cell', async ({ page }) => {
  await openWorkbench(page);
  const cell = await openCell(page, COUNT);
  await cell.run();
  await page.keyboard.press('Escape');
  await page.keyboard.press('s');
  await expect(page.getByRole('option', { name: /Load flights of January/ })).toBeVisible();
  await page.keyboard.type('Load flights of January');
  await page.keyboard.press('Enter');
  await expect.poll(() => cell.rows()).toEqual([['508,239']]);
  await expect(cell.frame).toBeFocused();
  await expect(
    cell.frame.getByRole('button', { name: /^Snapshot of cell 1: Load flights of January/ }),
  ).toBeVisible();
});

test('who is signed out keeps the answer and what is written, and goes on after signing in', async ({
  page,
  context,
}) => {
  await openWorkbench(page);
  const cell = await openCell(page, COUNT);
  await cell.run();
  const cookies = await context.cookies();
  await context.clearCookies();
  await cell.run();
  await expect(cell.error).toContainText('signed out');
  await expect.poll(() => cell.rows()).toEqual([['3,000,000']]);
  await expect(page.getByRole('link', { name: 'open the sign-in page' })).toBeVisible();
  await cell.write("SELECT 'kept' AS word");
  await expect(page.getByText('Kept in this browser')).toBeVisible();
  await context.addCookies(cookies);
  await expect(page.getByText('Saved', { exact: true })).toBeVisible();
  await expect(page.getByRole('link', { name: 'open the sign-in page' })).toHaveCount(0);
});

test('the title of a page says what it shows', async ({ page }) => {
  await openWorkbench(page, '/catalog');
  await expect(page).toHaveTitle('Catalog · TimeStream');
  await page.goto('/catalog/bronze.flights');
  await expect(page).toHaveTitle('bronze.flights · Catalog · TimeStream');
  await page.goBack();
  await expect(page).toHaveTitle('Catalog · TimeStream');
});
