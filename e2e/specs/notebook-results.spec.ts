import { readFile } from 'node:fs/promises';
import { expect, test, type Page } from '@playwright/test';
import { readSheet } from 'read-excel-file/node';
import { CellsPage } from '../pages/cells-page.ts';
import { LocalFilesPanel } from '../pages/local-files.ts';
import { expectNoFaults } from '../pages/no-faults.ts';
import { openCell } from '../pages/notebook-page.ts';
import { ResultPanel } from '../pages/result-panel.ts';
import { openWorkbench } from '../pages/workbench.ts';

const NESTED = `SELECT range AS n, {who: {name: 'Ada'}, tags: ['a', 'b']} AS payload,
  '{"id": 9007199254740993, "deep": {"on": true}}' AS note FROM range(40)`;

/** Walks into the current value by keys; what is shown of it is a dialog. */
async function inspect(page: Page, rows: ResultPanel, ...moves: string[]) {
  await rows.grid.focus();
  for (const move of [...moves, 'Enter']) await page.keyboard.press(move);
  return page.getByRole('dialog', { name: /^Value of/ });
}

test('answers outlive a reload and say so, with how they were sorted and filtered; of several statements the last is the relation', async ({
  page,
}) => {
  test.slow();
  await openWorkbench(page);
  const notebook = await CellsPage.open(page, 'Kept answers', [
    { id: 'steps', kind: 'sql', name: 'steps', source: `SELECT 'first' AS word;\n${NESTED};`, view: 'grid' },
    { id: 'reads', kind: 'sql', source: 'SELECT n, n % 7 AS rest FROM steps', view: 'grid' },
    { id: 'total', kind: 'metric', relation: 'steps', column: 'n', label: 'First of all' },
  ]);
  await notebook.runAll();
  const rows = new ResultPanel(page, notebook.cell(2), 'cell 2');
  await expect(rows.grid).toBeVisible();
  await expect(notebook.cell(3)).toContainText('First of all');
  await rows.filter('rest', 'is at least', '5');
  await rows.sort('n', 'Sort descending');
  await expect.poll(() => rows.values(0, 3)).toEqual(['34', '33', '27']);
  await notebook.saved();

  await page.reload();
  const kept = notebook.cell(2).getByText(/^Kept, /);
  await expect(kept).toBeVisible();
  await expect(rows.bar.getByText('rest is at least 5')).toHaveCount(1);
  await expect.poll(() => rows.values(0, 3)).toEqual(['34', '33', '27']);
  await expect(notebook.cell(3)).toContainText('First of all');
  await expect(page.getByText('Stale', { exact: true })).toHaveCount(0);
  await expectNoFaults(page);

  // What was asked now is no answer of before, and how it is looked at stays.
  await notebook.cell(2).getByRole('button', { name: 'Run SQL cell 2' }).click();
  await expect(kept).toHaveCount(0);
  await expect.poll(() => rows.values(0, 1)).toEqual(['34']);
  await rows.bar.getByRole('button', { name: 'Clear' }).click();
  await expect.poll(() => rows.values(0, 2)).toEqual(['0', '1']);

  // The parts of a nested value, by keys: into the struct, and on to the name in it.
  const first = new ResultPanel(page, notebook.cell(1), 'cell 1');
  const value = await inspect(page, first, 'ArrowDown', 'ArrowRight');
  const tree = value.getByRole('tree', { name: 'Parts of payload' });
  await expect(tree).toBeFocused();
  await expectNoFaults(page);
  for (const key of ['ArrowDown', 'ArrowDown']) await page.keyboard.press(key);
  await expect(value.getByText('"payload".who.name')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(first.grid).toBeFocused();
  const json = await inspect(page, first, 'ArrowRight');
  await json
    .getByRole('treeitem', { name: /9007199254740993/ })
    .last()
    .click();
  await expect(json.getByText(`("note"::JSON->>'$.id')`)).toBeVisible();
  await page.keyboard.press('Escape');
});

test('rows of a local file are exported by the tab itself, and Tab leaves the editor where that is wanted', async ({
  page,
}) => {
  await page.addInitScript(() => Reflect.deleteProperty(window, 'showSaveFilePicker'));
  await openWorkbench(page);
  const cell = await openCell(page, "SELECT * FROM towns WHERE note <> '' ORDER BY code DESC");
  const files = new LocalFilesPanel(page);
  await files.open([{ name: 'towns.csv', content: 'code,note\n1,plain\n2,"with, comma"\n3,\n' }]);
  await expect(files.file('towns')).toHaveAccessibleName(/^towns, 3 rows/);
  await cell.frame.getByRole('code').click();
  await cell.run();
  await expect.poll(() => cell.rows()).toHaveLength(2);
  const rows = new ResultPanel(page, cell.frame, 'cell 1');
  const textOf = async (format: RegExp) => {
    const path = await (await rows.export(format)).path();
    return readFile(path, 'utf8');
  };
  expect(await textOf(/^CSV/)).toBe('code,note\n2,"with, comma"\n1,plain\n');
  expect(await textOf(/^JSON, a row a line/)).toBe(
    '{"code":2,"note":"with, comma"}\n{"code":1,"note":"plain"}\n',
  );
  expect((await textOf(/^Parquet/)).slice(0, 4)).toBe('PAR1');
  const sheet = [
    ['code', 'note'],
    [2, 'with, comma'],
    [1, 'plain'],
  ];
  const excel = await rows.export(/^Excel/);
  expect(excel.suggestedFilename()).toBe('A test cell 1.xlsx');
  expect(await readSheet(await readFile(await excel.path()))).toEqual(sheet);
  // Where the browser can write to disk, into the place that was chosen; a file of the page's own stands for that.
  await page.evaluate(() =>
    Object.assign(window, {
      showSaveFilePicker: async ({ suggestedName }: { suggestedName: string }) =>
        (await navigator.storage.getDirectory()).getFileHandle(suggestedName, { create: true }),
    }),
  );
  await cell.frame.getByRole('button', { name: /^Export the result of/ }).click();
  await page.getByRole('menuitem', { name: /^Excel/ }).click();
  const chosen = async () =>
    page.evaluate(async () => {
      const folder = await navigator.storage.getDirectory();
      const file = await (await folder.getFileHandle('A test cell 1.xlsx', { create: true })).getFile();
      return [...new Uint8Array(await file.arrayBuffer())];
    });
  await expect.poll(async () => (await chosen()).length).toBeGreaterThan(0);
  expect(await readSheet(Buffer.from(await chosen()))).toEqual(sheet);

  await cell.frame.getByRole('code').click();
  const editor = cell.frame.getByRole('textbox', { name: 'SQL, cell 1' });
  await expect(editor).toBeFocused();
  await page.keyboard.press('Control+m');
  await expect(cell.frame.getByText('Tab leaves the editor')).toBeVisible();
  await page.keyboard.press('Tab');
  await expect(editor).not.toBeFocused();
});
