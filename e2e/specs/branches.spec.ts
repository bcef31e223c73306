import { expect, test, type Page } from '@playwright/test';
import { queryResult } from '#shared/contract/query.ts';
import { BranchesPage, ComparePage } from '../pages/branches-page.ts';
import { expectNoFaults } from '../pages/no-faults.ts';
import { openCell } from '../pages/notebook-page.ts';
import { TopBar } from '../pages/top-bar.ts';
import { said } from '../pages/said.ts';
import { openWorkbench } from '../pages/workbench.ts';

async function run(page: Page, sql: string, ref: string): Promise<unknown[][]> {
  const answer = await page.request.post('/api/v1/query', { data: { sql, ref } });
  expect(answer.ok(), await answer.text()).toBe(true);
  return queryResult.parse(await answer.json()).rows;
}

const STOCKS = 'SELECT count(*)::INTEGER FROM bronze.stocks';

test('work on a branch is compared, merged, seen on main, and taken back', async ({ page }) => {
  await openWorkbench(page, '/branches');
  const branches = new BranchesPage(page);
  await branches.create('fix-stocks');
  await expect(new TopBar(page).ref).toHaveAccessibleName('Branch fix-stocks');
  const [[before]] = (await run(page, STOCKS, 'main')) as [[number]];

  // The SQL of a cell works on the branch that the page is on.
  await openCell(page, '');
  const { pathname } = new URL(page.url());
  await page.goto(`${pathname}?ref=fix-stocks`);
  const cell = page.getByRole('group', { name: /^SQL cell 1 of/ });
  await cell.getByRole('code').click();
  await page.keyboard.insertText("DELETE FROM bronze.stocks WHERE symbol = 'MSFT'");
  await page.keyboard.press('ControlOrMeta+Enter');
  await expect(cell.getByText(/deleted/i).first()).toBeVisible();
  const [[after]] = (await run(page, STOCKS, 'fix-stocks')) as [[number]];
  expect(after).toBeLessThan(before);
  expect(await run(page, STOCKS, 'main')).toEqual([[before]]);

  await run(
    page,
    'CREATE VIEW bronze.dear AS SELECT symbol, price FROM bronze.stocks WHERE price > 100',
    'fix-stocks',
  );
  await page.goto('/branches?ref=fix-stocks');
  await expect(page.getByRole('treeitem', { name: 'dear, view' })).toBeVisible();
  await expect(branches.row('fix-stocks')).toContainText('2 ahead');
  await branches.act('fix-stocks', 'Compare and merge');
  const compare = new ComparePage(page);
  await expect(compare.outcome).toContainText('No conflicts');
  await expect(compare.change('bronze.stocks')).toContainText(`−${before - after}`);
  const rows = await compare.rows('bronze.stocks');
  await expect(page.getByRole('radio', { name: `− ${before - after} rows removed` })).toBeVisible();
  await expect(rows.getByRole('gridcell', { name: '− removed' }).first()).toBeVisible();
  await expect(rows.getByRole('gridcell', { name: 'MSFT' }).first()).toBeVisible();

  await compare.changes.getByRole('button', { name: 'bronze.dear' }).click();
  const view = page.getByRole('region', { name: 'Change of bronze.dear' });
  await expect(view).toContainText('WHERE price > 100');
  await expect(view).toContainText('It was not there.');
  await expectNoFaults(page);

  await compare.merge('main');
  await expect(said(page, 'fix-stocks is merged into main')).toBeVisible();
  expect(await run(page, STOCKS, 'main')).toEqual([[after]]);
  await said(page, 'fix-stocks is merged into main').getByRole('button', { name: 'Undo' }).click();
  await expect(said(page, 'Undone.')).toBeVisible();
  expect(await run(page, STOCKS, 'main')).toEqual([[before]]);

  await page.goto('/branches');
  await branches.act('fix-stocks', 'Delete');
  await expect(branches.row('fix-stocks')).toHaveCount(0);
  await said(page, 'Branch fix-stocks is deleted.').getByRole('button', { name: 'Undo' }).click();
  await expect(branches.row('fix-stocks')).toContainText('2 ahead');
  expect(await run(page, STOCKS, 'fix-stocks')).toEqual([[after]]);
  await run(page, 'DROP BRANCH "fix-stocks"', 'main');
});

test('a conflict is shown with its sides, decided, and merged as decided', async ({ page }) => {
  await openWorkbench(page);
  const table = 'bronze.clash_of_branches';
  for (const [sql, ref] of [
    [`CREATE TABLE ${table} AS SELECT 1 AS id, 'base' AS word`, 'main'],
    ['', 'theirs'],
    [`UPDATE ${table} SET word = 'theirs'`, 'theirs'],
    [`UPDATE ${table} SET word = 'ours'`, 'main'],
  ] as const) {
    if (sql !== '') await run(page, sql, ref);
    else await page.request.post('/api/v1/refs', { data: { name: ref, from: 'main' } });
  }
  await page.goto('/branches/compare?source=theirs');
  const compare = new ComparePage(page);
  await expect(compare.outcome).toContainText('1 conflict');
  await expect(compare.conflicts).toContainText(table);
  await expect(page.getByRole('button', { name: 'Merge into main' })).toBeDisabled();
  await expectNoFaults(page);
  await compare.conflicts.getByRole('radio', { name: 'Take theirs' }).click();
  await expect(compare.outcome).toContainText('All decided');
  await compare.merge('main');
  await expect(said(page, 'theirs is merged into main')).toBeVisible();
  expect(await run(page, `SELECT word FROM ${table}`, 'main')).toEqual([['theirs']]);

  // Each move of main is listed, and the merge among them can be undone.
  await page.goto('/history?view=moves');
  const moves = page.getByRole('table', { name: 'Moves' });
  await moves
    .getByRole('row')
    .filter({ hasText: 'merge' })
    .first()
    .getByRole('button', { name: /^Undo/ })
    .click();
  await expect(said(page, 'A move of main is undone: merge.')).toBeVisible();
  expect(await run(page, `SELECT word FROM ${table}`, 'main')).toEqual([['ours']]);

  // The commit above it is taken back by a commit of its own.
  await page.goto('/history');
  await page
    .getByRole('row', { name: /^Update 1 row of bronze.clash_of_branches/ })
    .first()
    .click();
  await page.getByRole('button', { name: 'Revert…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Revert a commit' });
  await expect(dialog.getByLabel('Result of the dry run')).toContainText('No conflicts');
  await expectNoFaults(page);
  await dialog.getByRole('button', { name: 'Revert on main' }).click();
  await expect(said(page, 'is reverted on main')).toBeVisible();
  expect(await run(page, `SELECT word FROM ${table}`, 'main')).toEqual([['base']]);
});
