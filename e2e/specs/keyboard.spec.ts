import { expect, test } from '@playwright/test';
import { ComparePage } from '../pages/branches-page.ts';
import { SqlCell } from '../pages/notebook-page.ts';
import { said } from '../pages/said.ts';
import { TopBar } from '../pages/top-bar.ts';
import { openWorkbench } from '../pages/workbench.ts';

test('a whole job by keys alone: a branch, a table, a question, a comparison, the merge, and its history', async ({
  page,
}, { retry, repeatEachIndex }) => {
  test.slow();
  // What an earlier try made is still there.
  const branch = `by-keys-${retry}-${repeatEachIndex}`;
  const made = `by_keys_${retry}_${repeatEachIndex}`;
  const keys = page.keyboard;
  const bar = new TopBar(page);
  await openWorkbench(page, '/catalog');
  await expect(page.getByRole('table', { name: 'Tables' })).toContainText('flights');
  // With the side panel closed, what it has is still at hand.
  await keys.press('ControlOrMeta+\\');
  await expect(page.getByRole('complementary', { name: 'Notebooks and tables' })).toBeHidden();

  await keys.press('ControlOrMeta+b');
  await expect(page.getByRole('combobox', { name: 'Branches and tags' })).toBeFocused();
  await keys.type(branch);
  await keys.press('Tab');
  await expect(page.getByRole('button', { name: `New branch “${branch}” from here…` })).toBeFocused();
  await keys.press('Enter');
  await expect(page.getByRole('textbox', { name: 'Name' })).toBeFocused();
  await keys.press('Enter');
  await expect(bar.ref).toHaveAccessibleName(`Branch ${branch}`);

  await keys.press('Alt+c');
  const table = new SqlCell(page, 1);
  await expect(table.frame.getByRole('textbox', { name: 'SQL, cell 1' })).toBeFocused();
  await keys.insertText(`CREATE TABLE bronze.${made} AS SELECT i AS id, 'new' AS word FROM range(5) t(i)`);
  await keys.press('ControlOrMeta+Enter');
  await expect(table.frame).toContainText('5 rows inserted');
  await keys.press('Escape');
  await keys.press('b');
  const total = new SqlCell(page, 2);
  await expect(total.frame.getByRole('textbox', { name: 'SQL, cell 2' })).toBeFocused();
  await keys.insertText(`SELECT sum(id) AS total FROM bronze.${made}`);
  await total.run();
  await expect.poll(() => total.rows()).toEqual([['10']]);
  await keys.press('Escape');
  await expect(total.frame).toBeFocused();

  await keys.press('Alt+m');
  const compare = new ComparePage(page);
  await expect(compare.outcome).toContainText('No conflicts');
  await expect(compare.changes).toContainText(`bronze.${made}`);
  await keys.press('ControlOrMeta+Enter');
  await expect(said(page, `${branch} is merged into main`)).toBeVisible();

  await keys.press('ControlOrMeta+k');
  await expect(page.getByRole('dialog', { name: 'Search and commands' })).toBeVisible();
  await keys.type(made);
  await expect(page.getByRole('option', { name: `bronze.${made}` })).toBeVisible();
  await keys.press('Enter');
  await expect(page.getByRole('heading', { name: `bronze.${made}` })).toBeVisible();

  await keys.press('Alt+3');
  const commits = page.getByRole('grid', { name: 'Commits' });
  await expect(commits).toBeVisible();
  await expect(page.getByRole('main')).toBeFocused();
  const isFocused = () => commits.evaluate((element) => element === document.activeElement);
  for (let tabs = 0; tabs < 8 && !(await isFocused()); tabs += 1) await keys.press('Tab');
  await expect(commits).toBeFocused();
  await keys.press('ArrowDown');
  const inspector = page.getByRole('complementary', { name: 'Selected commit' });
  await expect(inspector).toContainText(`bronze.${made}`);
  // A key that works everywhere is no other one here.
  await keys.press('Alt+v');
  await expect(page).toHaveURL(/\/branches\/compare/);
});
