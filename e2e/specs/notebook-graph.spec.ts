import { AxeBuilder } from '@axe-core/playwright';
import { readFile } from 'node:fs/promises';
import { expect, test } from '@playwright/test';
import { CellsPage } from '../pages/cells-page.ts';
import { said } from '../pages/said.ts';
import { openWorkbench } from '../pages/workbench.ts';

const sql = (id: string, source: string, name?: string) => ({
  id,
  kind: 'sql',
  source,
  view: 'grid',
  ...(name === undefined ? {} : { name }),
});
const DELAYS = 'SELECT origin, count(*) AS n FROM bronze.flights WHERE delay > $least GROUP BY ALL';

test('cells read each other and an input; changing the input answers all again', async ({ page }) => {
  await openWorkbench(page);
  const notebook = await CellsPage.open(page, 'Graph', [
    { id: 'least', kind: 'input', name: 'least', control: { type: 'number', value: '60' } },
    sql('delays', DELAYS, 'delays'),
    sql('total', 'SELECT sum(n)::BIGINT AS total FROM delays', 'total'),
    { id: 'text', kind: 'markdown', source: 'More than {{least}} minutes late: **{{total}}** flights.' },
    { id: 'metric', kind: 'metric', relation: 'total', label: 'Late flights' },
    {
      id: 'pivot',
      kind: 'pivot',
      relation: 'delays',
      rows: ['origin'],
      columns: [],
      value: { aggregate: 'sum', column: 'n' },
    },
    sql('most', 'SELECT max(value)::BIGINT AS most FROM by_origin'),
  ]);
  await notebook.runAll();
  const expected = async (least: number) => {
    const answer = await page.request.post('/api/v1/query', {
      data: { sql: `SELECT count(*)::INT FROM bronze.flights WHERE delay > ${least}` },
    });
    const { rows } = (await answer.json()) as { rows: number[][] };
    return (rows[0]?.[0] ?? 0).toLocaleString('en');
  };
  const figure = notebook.cell(5).getByLabel('Figure of cell 5').filter({ hasText: /\d/ });
  await expect(figure).toHaveText(await expected(60));
  await expect(notebook.cell(4)).toContainText(`More than 60 minutes late: ${await expected(60)} flights.`);
  await expect(notebook.cell(6).getByRole('row').last()).toContainText(await expected(60));

  await notebook.cell(1).getByRole('textbox', { name: 'least', exact: true }).fill('120');
  await expect(figure).toHaveText(await expected(120));
  await expect(notebook.cell(4)).toContainText(`More than 120 minutes late: ${await expected(120)} flights.`);
  const { violations } = await new AxeBuilder({ page }).include('main').analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);

  // A pivot with a name is its groups to others, and is found by it.
  await expect(notebook.cell(7).getByRole('alert')).toContainText('by_origin');
  await notebook.rename(6, 'by_origin');
  await page.getByRole('button', { name: 'Run SQL cell 7' }).click();
  const most = async (least: number) => {
    const counts = `SELECT count(*) AS n FROM bronze.flights WHERE delay > ${least} GROUP BY origin`;
    const answer = await page.request.post('/api/v1/query', {
      data: { sql: `SELECT max(n)::INT FROM (${counts})` },
    });
    const { rows } = (await answer.json()) as { rows: number[][] };
    return [(rows[0]?.[0] ?? 0).toLocaleString('en')];
  };
  await expect.poll(() => notebook.firstRow(7)).toEqual(await most(120));
  await notebook.cell(1).getByRole('textbox', { name: 'least', exact: true }).fill('60');
  await expect.poll(() => notebook.firstRow(7)).toEqual(await most(60));
  await notebook.cell(7).focus();
  await page.keyboard.press('ControlOrMeta+k');
  await page.keyboard.type('Go to by_origin');
  await page.getByRole('option', { name: 'Go to by_origin (Pivot cell)' }).click();
  await expect(notebook.cell(6)).toBeFocused();
  await notebook.saved();
  expect((await notebook.cells()).cells[5]).toMatchObject({ kind: 'pivot', name: 'by_origin' });
});

test('in manual mode what rests on a change is stale until it is run', async ({ page }) => {
  await openWorkbench(page);
  const notebook = await CellsPage.open(page, 'Manual', [
    sql('a', 'SELECT 1 AS x', 'a'),
    sql('b', 'SELECT x + 1 AS y FROM a', 'b'),
  ]);
  await notebook.runAll();
  await expect.poll(() => notebook.firstRow(2)).toEqual(['2']);
  await page.getByRole('button', { name: /^Cells that rest on a change/ }).click();
  await page.getByRole('menuitemradio', { name: /wait/ }).click();
  await notebook.write(1, 'SELECT 10 AS x');
  await expect(notebook.cell(2).getByText('Stale', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: /^Cells that rest on a change/ }).click();
  await page.getByRole('menuitem', { name: 'Run stale cells' }).click();
  await expect.poll(() => notebook.firstRow(2)).toEqual(['11']);
  await expect(notebook.cell(2).getByText('Stale', { exact: true })).toHaveCount(0);
});

test('a circle is explained where it is, and a rename renames the uses', async ({ page }) => {
  await openWorkbench(page);
  const notebook = await CellsPage.open(page, 'Names', [
    sql('a', 'SELECT * FROM b', 'a'),
    sql('b', 'SELECT 2 AS x', 'b'),
  ]);
  await notebook.rename(2, 'c');
  await notebook.saved();
  await expect.poll(async () => (await notebook.cells()).cells[0]?.['source']).toBe('SELECT * FROM c');
  await notebook.write(2, 'SELECT * FROM a');
  await expect(notebook.cell(1).getByRole('alert')).toContainText('in a circle');
  await expect(notebook.cell(2).getByRole('alert')).toContainText('in a circle');
  await page.keyboard.press('z');
  await expect(notebook.cell(1).getByRole('alert')).toHaveCount(0);
});

test('an error in a cell that is read says in which; the statement under the cursor runs by itself', async ({
  page,
}) => {
  await openWorkbench(page);
  const notebook = await CellsPage.open(page, 'Errors', [
    sql('bad', 'SELECT nothing_like_it FROM bronze.flights', 'bad'),
    sql('reads', 'SELECT * FROM bad'),
    sql('two', 'SELECT 41 AS a;\nSELECT 42 AS b;'),
  ]);
  await page.getByRole('button', { name: 'Run SQL cell 2' }).click();
  await expect(notebook.cell(2).getByRole('alert')).toContainText('In the cell bad, which this one reads');
  await notebook.cell(3).getByRole('code').click();
  await page.keyboard.press('ControlOrMeta+Home');
  await page.keyboard.press('Alt+Enter');
  await expect.poll(() => notebook.firstRow(3)).toEqual(['41']);
  await expect(notebook.cell(3)).toContainText('Of one statement');
  await page.keyboard.press('ControlOrMeta+Enter');
  await expect.poll(() => notebook.firstRow(3)).toEqual(['42']);
});

test('what it was comes back; what two tabs write is merged', async ({ page, context }) => {
  await openWorkbench(page);
  const notebook = await CellsPage.open(page, 'Two tabs', [sql('a', 'SELECT 1'), sql('b', 'SELECT 2')]);
  await expect(notebook.cell(2)).toBeVisible();
  // The other tab is a program, which tells nobody that it saved.
  const before = (await (await page.request.get(`/api/v1/notebooks/${notebook.id}`)).json()) as {
    version: number;
  };
  const cells = [sql('a', 'SELECT 1'), sql('b', "SELECT 'theirs'"), sql('c', "SELECT 'new'")];
  const put = await context.request.put(`/api/v1/notebooks/${notebook.id}`, {
    data: { title: 'Two tabs', cells, version: before.version },
  });
  expect(put.ok()).toBe(true);
  await notebook.write(1, "SELECT 'mine'");
  await expect(page.getByText('Changes made elsewhere are merged into this notebook.')).toBeVisible();
  await notebook.saved();
  await expect
    .poll(async () => (await notebook.cells()).cells.map((cell) => cell['source']))
    .toEqual(["SELECT 'mine'", "SELECT 'theirs'", "SELECT 'new'"]);

  // One cell changed by two at once: each tab is told, by the same words turned round, and either decides for both.
  const other = await context.newPage();
  await other.goto(page.url());
  const theirs = new CellsPage(other, notebook.id);
  const list = { name: 'Cells that were changed in both places' };
  await expect(theirs.cell(2)).toContainText("SELECT 'theirs'");
  // The editor is fetched with its first use, which is not what is away here.
  await theirs.write(2, "SELECT 'same'");
  await theirs.saved();
  await expect(notebook.cell(2)).toContainText("'same'");
  await context.setOffline(true);
  await notebook.write(2, "SELECT 'one'");
  await theirs.write(2, "SELECT 'two'");
  await context.setOffline(false);
  for (const tab of [page, other])
    await expect(tab.getByRole('list', list).getByRole('listitem')).toHaveCount(1);
  const words = await page.getByRole('list', list).textContent();
  const second = words?.includes('yours, and theirs') === true ? other : page;
  await expect(second.getByRole('list', list)).toContainText('theirs, and yours below it as cell 3');
  const kept = second === page ? "'one'" : "'two'";
  await second.getByRole('button', { name: 'Keep mine' }).click();
  for (const tab of [page, other]) {
    await expect(tab.getByRole('list', list)).toHaveCount(0);
    await expect(tab.getByRole('group', { name: 'SQL cell 2 of 3' })).toContainText(kept);
  }
  await other.close();
  await page.bringToFront();

  await notebook.choose('Versions…');
  const dialog = page.getByRole('dialog', { name: 'Versions of this notebook' });
  await dialog.getByRole('list', { name: 'Versions' }).getByRole('button').last().click();
  await expect(dialog.getByRole('list', { name: 'Changes since then' })).toContainText("+ SELECT 'mine'");
  await dialog.getByRole('button', { name: 'Restore this version' }).click();
  await expect
    .poll(async () => (await notebook.cells()).cells.map((cell) => cell['source']))
    .toEqual(['SELECT 1', 'SELECT 2']);
  await expect(notebook.cell(1)).toContainText('SELECT 1');
  // One step to undo: by the key of cells, where the keyboard is now, or by what the message offers.
  const restored = said(page, 'is restored.');
  await expect(restored).toBeVisible();
  await expect(page.locator(':focus')).toHaveAccessibleName(/^SQL cell \d of 2$/);
  await page.keyboard.press('z');
  await expect(page.getByRole('group', { name: 'SQL cell 2 of 3' })).toContainText(kept);
  await expect(restored).toHaveCount(0);
  await page.keyboard.press('Shift+z');
  await expect(notebook.cell(1)).toContainText('SELECT 1');
  await page.keyboard.press('z');
  await notebook.saved();
  await notebook.choose('Versions…');
  const versions = dialog.getByRole('list', { name: 'Versions' }).getByRole('button');
  await expect(versions.last()).toHaveText(/\d\d:\d\d:\d\d.*2 cells$/);
  await expect(versions.filter({ hasText: 'Restored version 1' })).toContainText('−1 cell');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: 'Actions of the notebook' })).toBeFocused();
});

test('a pinned run gives its rows again after the data moved on, and a badge says that it did', async ({
  page,
}) => {
  await openWorkbench(page);
  const table = `bronze.pin_${Date.now()}`;
  const write = async (statement: string) =>
    expect((await page.request.post('/api/v1/query', { data: { sql: statement } })).ok()).toBe(true);
  await write(`CREATE TABLE ${table} AS SELECT 1 AS x`);
  const notebook = await CellsPage.open(page, 'Pinned', [sql('a', `SELECT count(*) AS n FROM ${table}`)]);
  await notebook.runAll();
  await expect.poll(() => notebook.firstRow(1)).toEqual(['1']);
  await notebook.cell(1).getByRole('button', { name: 'Pin this run of cell 1' }).click();
  await notebook.saved();
  // By a program, which tells the page nothing.
  await write(`INSERT INTO ${table} VALUES (2)`);
  const movedOn = notebook.cell(1).getByText('Data moved on', { exact: true });
  const other = notebook.cell(1).getByText('Not the pinned run', { exact: true });
  await expect(movedOn).toBeVisible();
  await expect(other).toHaveCount(0);
  await notebook.runAll();
  await expect.poll(() => notebook.firstRow(1)).toEqual(['2']);
  await expect(other).toBeVisible();
  await expect(movedOn).toHaveCount(0);
  await notebook.cell(1).getByRole('button', { name: 'Pinned run of cell 1' }).click();
  await expect(page.getByText('The data has moved on since')).toContainText(table);
  await page.getByRole('button', { name: 'Rerun exactly' }).click();
  await expect.poll(() => notebook.firstRow(1)).toEqual(['1']);
  await expect(notebook.cell(1)).toContainText('As of');
  await expect(movedOn).toBeVisible();
  await expect(other).toHaveCount(0);
  await page.reload();
  await expect(notebook.cell(1)).toContainText('As of');
  await expect(movedOn).toBeVisible();
});

test('a notebook goes to a file and comes back; it can be presented, and run on the server', async ({
  page,
}) => {
  await openWorkbench(page);
  const cells = [
    { id: 'm', kind: 'markdown', source: '# Report\n\nfor all' },
    sql('a', 'SELECT 42 AS answer', 'answer'),
  ];
  const notebook = await CellsPage.open(page, 'A file', cells);
  const downloaded = page.waitForEvent('download');
  await notebook.choose('Text for git (.md)');
  const path = await (await downloaded).path();
  const text = await readFile(path, 'utf8');
  expect(text).toContain('```sql\nSELECT 42 AS answer\n```');
  await page.getByLabel('Notebook files').setInputFiles({
    name: 'again.md',
    mimeType: 'text/markdown',
    buffer: Buffer.from(text.replace('42', '43')),
  });
  await expect(page).not.toHaveURL(new RegExp(notebook.id));
  await expect(notebook.cell(2)).toContainText('43');
  await notebook.runAll();
  await expect.poll(() => notebook.firstRow(2)).toEqual(['43']);
  await notebook.choose('Present');
  const shown = page.getByRole('region', { name: /^A file.*, presented$/ });
  await expect(shown.getByRole('grid')).toBeVisible();
  await expect(shown.getByRole('code')).toHaveCount(0);
  await page.keyboard.press('Escape');
  await expect(shown).toHaveCount(0);
  await notebook.choose('Runs on the server…');
  await page.getByRole('button', { name: 'Run on the server now' }).click();
  await expect(page.getByRole('region', { name: 'Rows of answer' })).toContainText('43');
});

test('cells are dragged, collapsed, taken back and done again', async ({ page }) => {
  await openWorkbench(page);
  const notebook = await CellsPage.open(page, 'Order', [
    sql('a', "SELECT 'a'"),
    sql('b', "SELECT 'b'"),
    sql('c', "SELECT 'c'"),
  ]);
  const order = async () => {
    await notebook.saved();
    return (await notebook.cells()).cells.map(({ id }) => id).join('');
  };
  await notebook.cell(1).hover();
  await notebook
    .cell(1)
    .getByTitle('Drag to move the cell')
    .dragTo(page.getByRole('button', { name: 'Add SQL at the end' }));
  await expect.poll(order).toBe('bca');
  await notebook.cell(3).getByRole('button', { name: 'Collapse SQL cell 3' }).click();
  await expect(notebook.cell(3).getByRole('code')).toHaveCount(0);
  await notebook.cell(3).focus();
  await page.keyboard.press('z');
  await expect(notebook.cell(3).getByRole('code')).toHaveCount(1);
  await page.keyboard.press('z');
  await expect.poll(order).toBe('abc');
  await page.keyboard.press('Shift+Z');
  await expect.poll(order).toBe('bca');
});
