import { readFile } from 'node:fs/promises';
import { expect, test } from '@playwright/test';
import { CellsPage } from '../pages/cells-page.ts';
import { said } from '../pages/said.ts';
import { openWorkbench } from '../pages/workbench.ts';

const sql = (id: string, source: string, name: string) => ({ id, kind: 'sql', source, view: 'grid', name });
const ORIGINS = {
  id: 'i',
  kind: 'input',
  name: 'origins',
  label: 'Origins',
  control: {
    type: 'select',
    value: null,
    values: [],
    query: "SELECT 'A' || i AS origin FROM range(300) t(i)",
  },
};

test('all notebooks are found, ordered, moved, deleted and brought back; new ones get a free name', async ({
  page,
}) => {
  await openWorkbench(page);
  // Other tests, and this one before, leave notebooks of their own.
  const word = `w${crypto.randomUUID().slice(0, 8)}`;
  const [a, b] = [`${word} A`, `${word} B`];
  const text = { id: 'm', kind: 'markdown', source: '# Of the overview\n\nwith words' };
  await CellsPage.open(page, a, [text]);
  const opened = await CellsPage.open(page, b, [sql('b', 'SELECT 1', 'one'), text]);
  // A page that is still on its way takes no clicks.
  await expect(opened.cell(1)).toBeVisible();
  await page.getByRole('link', { name: 'Notebooks', exact: true }).first().click();
  const list = page.getByRole('table', { name: 'All notebooks' });
  const titles = () => list.getByRole('rowheader').getByRole('link').allInnerTexts();
  await page.getByRole('searchbox', { name: 'Search notebooks' }).fill(word);
  await expect.poll(titles).toEqual([b, a]);
  await expect(list.getByRole('row', { name: a })).toContainText('Of the overview with words');
  await list.getByRole('button', { name: 'Notebook', exact: true }).click();
  await expect.poll(titles).toEqual([a, b]);
  await expect(page).toHaveURL(new RegExp(`q=${word}`));

  const choose = async (title: string, action: string) => {
    await list.getByRole('button', { name: `Actions for ${title}`, exact: true }).click();
    await page.getByRole('menuitem', { name: action }).click();
  };
  await choose(a, 'Move to a folder…');
  await page.getByRole('combobox', { name: 'Folder' }).fill('Reports/ Weekly');
  await page.getByRole('button', { name: 'Move', exact: true }).click();
  await expect(list.getByRole('row', { name: a })).toContainText('Reports/Weekly');
  await choose(b, 'Delete');
  await expect.poll(titles).toEqual([a]);
  await said(page, 'is deleted').getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByRole('textbox', { name: 'Title of the notebook' })).toHaveValue(b);

  await page.keyboard.press('Alt+1');
  await expect(page.getByRole('link', { name: `Go on with ${b}` })).toBeVisible();
  const title = page.getByRole('textbox', { name: 'Title of the notebook' });
  await page.getByRole('button', { name: 'New', exact: true }).click();
  await expect(title).toHaveValue(/^Untitled/);
  const first = await title.inputValue();
  const address = page.url();
  await page.getByRole('button', { name: 'New notebook', exact: true }).click();
  await expect(page).not.toHaveURL(address);
  await expect(title).toHaveValue(/^Untitled \d+$/);
  expect(await title.inputValue()).not.toBe(first);

  // A copy has a title of its own; where somebody gives two the same one, the list says what tells them apart.
  await page.getByRole('link', { name: 'Notebooks', exact: true }).first().click();
  await page.getByRole('searchbox', { name: 'Search notebooks' }).fill(word);
  await choose(a, 'Duplicate');
  await expect(title).toHaveValue(`${a} (2)`);
  await title.fill(a);
  const twins = page.getByRole('link', {
    name: new RegExp(`^${a} (\\d\\d:\\d\\d:\\d\\d, )?\\d+ \\w+ \\d{4}`),
  });
  await expect(twins).toHaveCount(2);
  const [one, other] = await twins.allInnerTexts();
  expect(one).not.toBe(other);
});

test('choices are searched and several taken; no value is said; a script brings inputs back; slides and named versions', async ({
  page,
}) => {
  await openWorkbench(page);
  const notebook = await CellsPage.open(page, 'Choices', [
    ORIGINS,
    sql('s', "SELECT a FROM (VALUES ('A17'), ('A299'), ('A3')) v(a) WHERE a IN $origins ORDER BY a", 'found'),
    { id: 't', kind: 'markdown', source: '# Second slide' },
  ]);
  await notebook.runAll();
  await expect(notebook.cell(2)).toContainText('$origins has no value', { timeout: 60_000 });
  await notebook.cell(1).getByRole('button', { name: 'Origins', exact: true }).click();
  const field = page.getByRole('combobox', { name: 'Find in Origins' });
  for (const wanted of ['A299', 'A17']) {
    await field.fill(wanted);
    await expect(page.getByRole('option').first()).toHaveText(wanted);
    await field.press('Enter');
  }
  await field.press('Escape');
  await expect(notebook.cell(1).getByRole('button', { name: 'Origins', exact: true })).toHaveText(
    'A299, A17',
  );
  await notebook.cell(2).getByRole('button', { name: /^Run / }).first().click();
  await expect.poll(() => notebook.firstRow(2)).toEqual(['A17']);
  await notebook.saved();

  const downloaded = page.waitForEvent('download');
  await notebook.choose('SQL script (.sql)');
  const script = await readFile(await (await downloaded).path(), 'utf8');
  expect(script).toContain("SET VARIABLE origins = ['A299', 'A17'];");
  await page
    .getByLabel('Notebook files')
    .setInputFiles({ name: 'back.sql', mimeType: 'text/plain', buffer: Buffer.from(script) });
  await expect(page).not.toHaveURL(new RegExp(notebook.id));
  await expect(notebook.cell(1).getByRole('button', { name: 'Origins', exact: true })).toHaveText(
    'A299, A17',
  );
  await expect(page.getByRole('textbox', { name: 'Title of the notebook' })).toHaveValue(/^Choices \(\d+\)$/);
  await notebook.runAll();
  await expect.poll(() => notebook.firstRow(2)).toEqual(['A17']);

  await notebook.choose('Present');
  const shown = page.getByRole('region', { name: /^Choices.*, presented$/ });
  await expect(shown.getByRole('grid')).toBeVisible();
  await expect(page.getByRole('tooltip')).toHaveCount(0);
  await shown.getByRole('radio', { name: 'Slides' }).click();
  await expect(shown.getByRole('heading', { name: 'Second slide' })).toHaveCount(0);
  await page.keyboard.press('ArrowRight');
  await expect(shown.getByRole('heading', { name: 'Second slide' })).toBeVisible();
  await expect(shown.getByRole('grid')).toHaveCount(0);
  await page.keyboard.press('Escape');
  await expect(shown).toHaveCount(0);

  await page.getByRole('textbox', { name: 'Title of the notebook' }).fill('Renamed');
  await notebook.saved();
  await notebook.choose('Versions…');
  const dialog = page.getByRole('dialog', { name: 'Versions of this notebook' });
  await dialog.getByRole('list', { name: 'Versions' }).getByRole('button').last().click();
  await expect(dialog.getByRole('list', { name: 'Changes since then' })).toContainText('+ Renamed');
  await dialog.getByRole('textbox', { name: 'Name of this version' }).fill('As imported');
  await dialog.getByRole('button', { name: 'Save the name' }).click();
  await dialog.getByRole('searchbox', { name: 'Find a version' }).fill('imported');
  await expect(dialog.getByRole('list', { name: 'Versions' }).getByRole('button')).toHaveCount(1);
});
