import { expect, test } from '@playwright/test';
import { CellsPage } from '../pages/cells-page.ts';
import { expectNoFaults } from '../pages/no-faults.ts';
import { openWorkbench } from '../pages/workbench.ts';

test('candles show the symbol that is chosen, histograms their bars without outliers, and months are called alike', async ({
  page,
}) => {
  test.slow();
  await openWorkbench(page);
  const sql = { kind: 'sql', view: 'chart' };
  const notebook = await CellsPage.open(page, 'Candles, histograms and months', [
    {
      ...sql,
      id: 'stocks',
      source: 'SELECT * FROM bronze.stocks',
      chart: { type: 'line', x: 'date', y: ['price'] },
    },
    {
      ...sql,
      id: 'delays',
      source: 'SELECT delay FROM bronze.flights',
      chart: { type: 'histogram', x: 'delay', y: [] },
    },
    {
      ...sql,
      id: 'months',
      source: `SELECT TIMESTAMP '2000-11-01' + to_months(i::INTEGER) AS month, i + 1 AS n FROM range(8) t(i)`,
      chart: { type: 'bar', x: 'month', y: ['n'] },
    },
    {
      ...sql,
      id: 'heat',
      source: `SELECT TIMESTAMP '2000-11-01' + to_months(i::INTEGER) AS month, 'an airport with a long name, number ' || j AS town, i * j AS n FROM range(14) t(i), range(5) u(j)`,
      chart: { type: 'heatmap', x: 'month', series: 'town', y: ['n'] },
    },
  ]);
  await notebook.runAll();

  const candles = notebook.cell(1);
  await candles.getByRole('button', { name: /^Chart type/ }).click();
  await page.getByRole('menuitemradio', { name: 'Candles' }).click();
  await expect(candles.getByRole('figure')).toHaveAccessibleName('price of AAPL by date');
  await expect(candles.getByRole('figure')).not.toContainText('several prices');
  await candles.getByRole('combobox', { name: 'Shown of symbol' }).click();
  await page.getByRole('option', { name: 'GOOG' }).click();
  await expect(candles.getByRole('figure')).toHaveAccessibleName('price of GOOG by date');
  await expect(candles.getByRole('img', { name: /^Candles of price by date, 68 of them/ })).toBeVisible();

  const delays = notebook.cell(2);
  await delays.getByRole('combobox', { name: 'About how many bars' }).click();
  await page.getByRole('option', { name: 'about 10', exact: true }).click();
  await delays.getByRole('checkbox', { name: 'Without outliers' }).check();
  await expect(delays.getByRole('figure')).toContainText('From the 1st to the 99th percentile');

  const months = notebook.cell(3).getByRole('figure');
  await expect(months).toHaveAccessibleName(/^Bar chart of n by month, 8 bars/);
  for (const name of ['Nov 2000', 'Dec', 'Jan 2001', 'Feb'])
    await expect(months.getByText(name, { exact: true })).toBeVisible();

  const heat = notebook.cell(4).getByRole('img', { name: /^Heat map of sum of n by month and town/ });
  await expect(heat).toContainText('Nov 2000');
  await expectNoFaults(page);
  await notebook.saved();
  await page.reload();
  await expect(candles.getByRole('figure')).toHaveAccessibleName('price of GOOG by date');
  await expect(delays.getByRole('combobox', { name: 'About how many bars' })).toHaveText('about 10');
});
