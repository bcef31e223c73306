import { expect, test, type Page } from '@playwright/test';
import { queryResult } from '#shared/contract/query.ts';
import { BranchesPage } from '../pages/branches-page.ts';
import { MergeRequestsPage, MergeRequestPage, signAs } from '../pages/merge-requests-page.ts';
import { expectNoFaults } from '../pages/no-faults.ts';
import { said } from '../pages/said.ts';
import { openWorkbench } from '../pages/workbench.ts';

async function run(page: Page, sql: string, ref = 'main'): Promise<unknown[][]> {
  const answer = await page.request.post('/api/v1/query', { data: { sql, ref } });
  expect(answer.ok(), await answer.text()).toBe(true);
  return queryResult.parse(await answer.json()).rows;
}

async function post(page: Page, path: string, data: object): Promise<unknown> {
  const answer = await page.request.post(`/api/v1/${path}`, { data });
  expect(answer.ok(), await answer.text()).toBe(true);
  return answer.json();
}

test('two branches that append to one table are proposed, looked at row by row, approved and merged', async ({
  page,
}) => {
  // It looks at five pages with axe.
  test.slow();
  await openWorkbench(page);
  const table = 'bronze.orders_to_merge';
  await run(page, `CREATE TABLE ${table} AS SELECT i AS id, 'base' AS word FROM range(5) t(i)`);
  for (const [name, id] of [
    ['append-left', 100],
    ['append-right', 200],
  ] as const) {
    await post(page, 'refs', { name, from: 'main' });
    await run(page, `INSERT INTO ${table} SELECT ${id} + i, '${name}' FROM range(3) t(i)`, name);
  }
  await page.goto('/branches/merge-requests');
  await signAs(page, 'Ada');

  const list = new MergeRequestsPage(page);
  const propose = await list.propose();
  await propose.choose('Source', 'append-left');
  await expect(propose.outcome).toContainText('No conflicts');
  await expect(propose.changes).toContainText(table);
  await propose.fill('Title', 'Rows of the left');
  await propose.fill('Description', 'Three **more** rows.');
  await propose.fill('Approvals needed', '1');
  await expectNoFaults(page);
  const left = await propose.send();
  await expect(left.inTheWay).toContainText('0 of the 1 approvals');
  await expect(left.mergeButton).toBeDisabled();
  await expectNoFaults(page);

  await left.open('Changes');
  const change = await left.openTable(table);
  await expect(change.getByRole('radio', { name: '+ 3 rows added' })).toBeVisible();
  await change.getByRole('button', { name: 'Show the rows' }).click();
  const rows = page.getByRole('grid', { name: `Rows of ${table} that differ` });
  await expect(rows.getByRole('gridcell', { name: '+ added' })).toHaveCount(3);
  await change.getByRole('searchbox', { name: 'Find in values' }).fill('102');
  await expect(rows.getByRole('gridcell', { name: '+ added' })).toHaveCount(1);
  // What is seen is in the address.
  await page.reload();
  await expect(rows.getByRole('gridcell', { name: '+ added' })).toHaveCount(1);
  await expect(change.getByRole('searchbox', { name: 'Find in values' })).toHaveValue('102');
  await expectNoFaults(page);

  // Nobody approves what they opened; somebody else does.
  await left.open('Overview');
  await left.approve('Mine is fine.');
  await expect(said(page, 'That was not taken.')).toBeVisible();
  await signAs(page, 'Grace');
  await left.approve('Looks right.');
  await expect(left.reviews).toContainText('Grace approved');
  await expect(left.mergeButton).toBeEnabled();
  await left.mergeButton.click();
  await expect(said(page, /is merged into main/)).toBeVisible();
  await expect(left.status('merged')).toBeVisible();
  await expectNoFaults(page);

  // The other one goes by the API, and its page notices.
  const { id } = (await post(page, 'merge-requests', {
    source: 'append-right',
    title: 'Rows of the right',
  })) as { id: number };
  await page.goto('/branches/merge-requests');
  await list.row('Rows of the right').getByRole('button').click();
  const right = new MergeRequestPage(page);
  await expect(right.outcome).toContainText('No conflicts');
  await post(page, `merge-requests/${id}/checks`, { name: 'quality', state: 'PASSED', summary: '4 rules' });
  await expect(right.checks).toContainText('quality passed');
  await right.mergeButton.click();
  await expect(right.status('merged')).toBeVisible();
  expect(await run(page, `SELECT word, count(*)::INTEGER FROM ${table} GROUP BY ALL ORDER BY word`)).toEqual([
    ['append-left', 3],
    ['append-right', 3],
    ['base', 5],
  ]);
  await page.goto('/branches/merge-requests');
  await list.show('Merged');
  await expect(list.row('Rows of the left')).toContainText('merged');
  await expectNoFaults(page);
});

test('a conflict is decided on the page of the request; a closed request opens again', async ({ page }) => {
  await openWorkbench(page);
  const table = 'bronze.clash_to_merge';
  await run(page, `CREATE TABLE ${table} AS SELECT 1 AS id, 'base' AS word`);
  await post(page, 'refs', { name: 'clashing', from: 'main' });
  await run(page, `UPDATE ${table} SET word = 'theirs'`, 'clashing');
  await run(page, `UPDATE ${table} SET word = 'ours'`);
  const { id } = (await post(page, 'merge-requests', { source: 'clashing', title: 'Clashes' })) as {
    id: number;
  };
  await page.goto(`/branches/merge-requests/${id}`);
  const request = new MergeRequestPage(page);
  await expect(request.outcome).toContainText('1 conflict');
  await expect(request.mergeButton).toBeDisabled();
  await expectNoFaults(page);

  await page.getByRole('button', { name: 'Close', exact: true }).click();
  await expect(request.status('closed')).toBeVisible();
  await page.getByRole('button', { name: 'Open again' }).click();
  await request.conflicts.getByRole('radio', { name: 'Take clashing' }).click();
  await expect(request.outcome).toContainText('All decided');
  await request.mergeButton.click();
  await expect(request.status('merged')).toBeVisible();
  expect(await run(page, `SELECT word FROM ${table}`)).toEqual([['theirs']]);
  await page.getByRole('button', { name: 'Delete branch clashing' }).click();
  await expect(said(page, 'Branch clashing is deleted.')).toBeVisible();
});

test('a branch is protected, rebased and reset from the list, with what that does shown first', async ({
  page,
}) => {
  await openWorkbench(page);
  const table = 'bronze.moves_of_branches';
  await run(page, `CREATE TABLE ${table} AS SELECT 1 AS id`);
  await post(page, 'refs', { name: 'wandering', from: 'main' });
  await run(page, `INSERT INTO ${table} VALUES (2)`, 'wandering');
  await run(page, `INSERT INTO ${table} VALUES (3)`);
  await page.goto('/branches');
  const branches = new BranchesPage(page);

  await branches.act('wandering', 'Rebase…');
  const rebase = page.getByRole('dialog', { name: 'Rebase wandering' });
  await expect(rebase.getByLabel('Result of the dry run')).toContainText('1 new commit');
  await expectNoFaults(page);
  await rebase.getByRole('button', { name: 'Rebase onto main' }).click();
  await expect(said(page, 'wandering stands on main now')).toBeVisible();
  const ids = `SELECT id FROM ${table} ORDER BY id`;
  expect(await run(page, ids, 'wandering')).toEqual([[1], [2], [3]]);

  await branches.act('wandering', 'Reset…');
  const reset = page.getByRole('dialog', { name: 'Reset wandering' });
  await reset.getByRole('button', { name: /^To:/ }).click();
  const places = page.getByRole('dialog', { name: 'To', exact: true });
  await places.getByRole('combobox').fill('main');
  await places.getByRole('option', { name: 'main' }).first().click();
  await expect(reset.getByLabel('What the reset would do')).toContainText('1 commit leaves');
  await expectNoFaults(page);
  await reset.getByRole('button', { name: 'Reset to main' }).click();
  const done = said(page, /^wandering is at/);
  await expect(done).toBeVisible();
  expect(await run(page, ids, 'wandering')).toEqual([[1], [3]]);
  await done.getByRole('button', { name: 'Undo' }).click();
  await expect(said(page, 'Undone.')).toBeVisible();
  expect(await run(page, ids, 'wandering')).toEqual([[1], [2], [3]]);

  await branches.act('wandering', 'Protect…');
  const protect = page.getByRole('dialog', { name: 'Protect wandering' });
  await protect.getByRole('checkbox', { name: 'Everything but merge requests' }).check();
  await protect.getByRole('textbox', { name: 'Approvals' }).fill('2');
  await expectNoFaults(page);
  await protect.getByRole('button', { name: 'Save' }).click();
  await expect(branches.row('wandering')).toContainText('protected');
  const refused = await page.request.post('/api/v1/query', {
    data: { sql: `INSERT INTO ${table} VALUES (9)`, ref: 'wandering' },
  });
  expect(refused.status()).toBe(403);
});

test('what a commit changed is shown down to the cell, old and new', async ({ page }) => {
  await openWorkbench(page);
  const table = 'bronze.cells_that_change';
  await post(page, 'tables', {
    table,
    columns: [
      { name: 'id', type: 'long', required: true },
      { name: 'word', type: 'string' },
    ],
    identifierFields: ['id'],
  });
  await run(page, `INSERT INTO ${table} VALUES (1, 'one'), (2, 'two'), (3, 'three')`);
  await run(page, `UPDATE ${table} SET word = 'zwei' WHERE id = 2`);
  await page.goto(`/history?table=${table}`);
  await page
    .getByRole('row', { name: /^Update 1 row/ })
    .first()
    .click();
  await page.getByRole('button', { name: 'What changed' }).click();
  await page.getByRole('table', { name: 'Changes' }).getByRole('button', { name: table }).click();
  await page.getByRole('button', { name: 'word 1' }).click();
  const rows = page.getByRole('grid', { name: `Rows of ${table} that differ` });
  await expect(rows.getByRole('gridcell', { name: 'two → zwei' })).toBeVisible();
  await expectNoFaults(page);
  await page.getByRole('radio', { name: 'Two lines' }).click();
  await expect(rows.getByRole('gridcell', { name: '− before' })).toBeVisible();
});

test('a webhook is made, tried and told of; retention says what would go', async ({ page }) => {
  await openWorkbench(page, '/branches/hooks');
  await page.getByRole('button', { name: 'New webhook…' }).first().click();
  const form = page.getByRole('dialog', { name: 'New webhook' });
  await form.getByRole('textbox', { name: 'Name', exact: true }).fill('Nobody listens');
  // The port of nothing: a refused connection is an answer too.
  await form.getByRole('textbox', { name: 'Address' }).fill('http://127.0.0.1:9/hook');
  await expectNoFaults(page);
  await form.getByRole('button', { name: 'Create webhook' }).click();
  const secret = page.getByRole('dialog', { name: 'The secret of the webhook' });
  await expect(secret.getByRole('button', { name: /^Copy secret/ })).toBeVisible();
  await secret.getByRole('button', { name: 'I have kept it' }).click();
  const hook = page.getByRole('complementary', { name: 'Webhook Nobody listens' });
  await hook.getByRole('button', { name: 'Send a test' }).click();
  await expect(hook.getByText('failed')).toBeVisible();
  await hook.getByRole('button', { name: /^after commit/ }).click();
  await expect(hook.getByLabel('Body that was sent')).toContainText('"action": "test"');
  await expectNoFaults(page);
  await hook.getByRole('button', { name: 'Delete…' }).click();
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(page.getByText('No webhook yet')).toBeVisible();

  await page.goto('/branches/retention');
  await page.getByRole('button', { name: 'Rule for branches' }).click();
  await page.getByRole('textbox', { name: 'Branch', exact: true }).fill('dev/*');
  await page.getByRole('textbox', { name: 'Newest commits for branch dev/*' }).fill('10');
  await page.getByRole('button', { name: 'Save rules' }).click();
  await expect(said(page, 'The rules are saved.')).toBeVisible();
  await page.getByRole('button', { name: 'Show what would go' }).click();
  await expect(page.getByLabel('What would go')).toContainText('Versions kept');
  await expectNoFaults(page);
  await page.getByRole('button', { name: 'Remove the rule for branch dev/*' }).click();
  await page.getByRole('button', { name: 'Save rules' }).click();
  await expect(page.getByText('There is no rule')).toBeVisible();
});
