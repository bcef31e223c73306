import { expect, test } from '@playwright/test';
import { CellsPage } from '../pages/cells-page.ts';
import { expectNoFaults } from '../pages/no-faults.ts';
import { ResultPanel } from '../pages/result-panel.ts';
import { said } from '../pages/said.ts';
import { openWorkbench } from '../pages/workbench.ts';

const ROWS = `SELECT * FROM (VALUES
  (9007199254740993, 12.50, 'a|b', {since: DATE '2024-02-29'}),
  (2, NULL, 'O''Hare', NULL),
  (3, -0.10, 'a|b', {since: NULL})) t(n, price, town, extra) ORDER BY n DESC`;

test('selected cells are copied in the form that is asked for, and filtered by a value, by keys and by pointer', async ({
  page,
  context,
}) => {
  test.slow();
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await openWorkbench(page);
  const notebook = await CellsPage.open(page, 'Copying', [
    { id: 'rows', kind: 'sql', source: ROWS, view: 'grid' },
  ]);
  await notebook.runAll();
  const rows = new ResultPanel(page, notebook.cell(1), 'cell 1');
  await expect.poll(() => rows.values(0, 3)).toEqual(['9,007,199,254,740,993', '3', '2']);
  const menu = page.getByRole('menu', { name: 'Selected cells' });
  const clipboard = () => page.evaluate(async () => navigator.clipboard.readText());

  // By keys: the first two columns of all rows.
  await rows.grid.focus();
  const moves = ['ArrowDown', 'ArrowUp', 'Shift+ArrowRight', 'Shift+ArrowDown', 'Shift+ArrowDown'];
  for (const key of [...moves, 'Shift+F10']) await page.keyboard.press(key);
  await expect(menu.getByRole('menuitem', { name: /^Copy with headers/ })).toBeVisible();
  await page.keyboard.type('json');
  await page.keyboard.press('Enter');
  await expect(menu).toHaveCount(0);
  await expect(rows.grid).toBeFocused();
  await expect
    .poll(clipboard)
    .toBe(
      '[\n{"n": 9007199254740993, "price": 12.50},\n{"n": 3, "price": -0.10},\n{"n": 2, "price": null}\n]',
    );

  // By pointer, on what is selected: all of that; what the form can't hold is said.
  await rows.cell('12.50').click({ button: 'right' });
  await menu.getByRole('menuitem', { name: 'Markdown table' }).click();
  await expect
    .poll(clipboard)
    .toBe('| n | price |\n| ---: | ---: |\n| 9007199254740993 | 12.50 |\n| 3 | -0.10 |\n| 2 | *NULL* |');
  // Off it, on what is pointed at.
  await rows.cell(/2024-02-29/).click();
  await rows.header('price').click({ button: 'right' });
  await menu.getByRole('menuitem', { name: 'SQL IN-list' }).click();
  await expect(said(page, '1 row with NULL is not in the list: nothing equals NULL.')).toBeVisible();
  expect(await clipboard()).toBe('(12.50, -0.10)');

  // A nested value has no filter, and is inspected.
  await rows.cell(/2024-02-29/).click({ button: 'right' });
  await expect(menu.getByRole('menuitem', { name: /^Filter to this value/ })).toBeDisabled();
  await menu.getByRole('menuitem', { name: /^Inspect value/ }).click();
  await expect(page.getByRole('dialog', { name: 'Value of extra in row 1' })).toBeVisible();
  await expectNoFaults(page);
  await page.keyboard.press('Escape');
  await expect(rows.grid).toBeFocused();

  // The engine filters, as by any other filter: it is kept, and can be taken back.
  await rows.cell('a|b').first().click({ button: 'right' });
  await menu.getByRole('menuitem', { name: 'Exclude this value' }).click();
  await expect(rows.bar.getByText('town is not a|b')).toHaveCount(1);
  await expect.poll(() => rows.values(0, 3)).toEqual(['2']);
  await rows.bar.getByRole('button', { name: 'Remove: town is not a|b' }).click();
  await rows.cell('9,007,199,254,740,993').click({ button: 'right' });
  await menu.getByRole('menuitem', { name: /^Filter to this value/ }).click();
  await expect(rows.bar.getByText('1 row matches')).toBeVisible();
  await expect.poll(() => rows.values(2, 3)).toEqual(['a|b']);
  await notebook.saved();
  await page.reload();
  await expect(rows.bar.getByText('n is 9007199254740993')).toHaveCount(1);
});

test('a chart has a title, its largest places beside all others, and a log scale; dates of inputs are typed as ISO has them', async ({
  page,
}) => {
  test.slow();
  await openWorkbench(page);
  const notebook = await CellsPage.open(page, 'Titles, scales and dates', [
    {
      id: 'span',
      kind: 'input',
      name: 'span',
      control: { type: 'date-range', from: '2024-02-28', to: null },
    },
    {
      id: 'sizes',
      kind: 'sql',
      source: `SELECT * FROM (VALUES ('a', 1), ('b', 1000), ('c', 0), ('d', 30), ('e', -2)) t(town, n)`,
      view: 'chart',
      chart: { type: 'bar', x: 'town', y: ['n'] },
    },
    {
      id: 'reads',
      kind: 'sql',
      source: 'SELECT $span_from::VARCHAR AS since, $span_to::VARCHAR AS until',
      view: 'grid',
    },
  ]);
  await notebook.runAll();
  const chart = notebook.cell(2);
  const figure = chart.getByRole('figure');
  await expect(figure).toHaveAccessibleName(/^Bar chart of n by town, 5 bars/);
  const toolbar = chart.getByRole('toolbar', { name: 'Chart' });
  await toolbar.getByRole('button', { name: 'Log scale' }).click();
  await expect(figure).toContainText(
    '2 values of zero or below have no place on a log scale and are left out.',
  );
  await toolbar.getByRole('button', { name: 'Log scale' }).click();
  await expect(figure).not.toContainText('log scale');
  await toolbar.getByRole('combobox', { name: 'How many of the largest' }).click();
  await expect(page.getByRole('option', { name: 'top 5', exact: true })).toBeVisible();
  await page.keyboard.press('Escape');
  const title = chart.getByRole('textbox', { name: 'Title of the chart' });
  await expect(title).toHaveAttribute('placeholder', 'n by town');
  await title.fill('Towns by size');
  await title.press('Enter');
  await notebook.saved();

  // Typed, stepped by keys over the leap day, and chosen from a calendar by keys.
  const from = notebook.cell(1).getByRole('textbox', { name: 'span, from' });
  const to = notebook.cell(1).getByRole('textbox', { name: 'span, to' });
  await expect(from).toHaveValue('2024-02-28');
  await from.press('ArrowUp');
  await expect(from).toHaveValue('2024-02-29');
  await to.fill('2024-2-3');
  await to.press('Enter');
  await expect(to).toHaveValue('2024-02-03');
  await to.press('Alt+ArrowDown');
  const calendar = page.getByRole('grid', { name: 'February 2024' });
  await expect(calendar.getByRole('button', { name: 'Saturday, 3 February 2024' })).toBeFocused();
  await expectNoFaults(page);
  for (const key of ['PageDown', 'End', 'Enter']) await page.keyboard.press(key);
  await expect(to).toHaveValue('2024-03-03');
  await expect(to).toBeFocused();
  await expect.poll(() => notebook.firstRow(3)).toEqual(['2024-02-29', '2024-03-03']);
  await to.fill('2024-02-30');
  await expect(to).toHaveAttribute('aria-invalid', 'true');
  await to.press('Tab');
  await expect(to).toHaveValue('2024-03-03');
  await notebook.saved();

  // Others see the title, and nothing to write it in.
  await page.getByRole('button', { name: 'Actions of the notebook' }).click();
  await page.getByRole('menuitem', { name: /^Present/ }).click();
  const shown = page.getByRole('region', { name: 'Titles, scales and dates, presented' });
  await expect(shown.getByText('Towns by size')).toBeVisible();
  await expect(shown.getByRole('textbox', { name: 'Title of the chart' })).toHaveCount(0);
});
