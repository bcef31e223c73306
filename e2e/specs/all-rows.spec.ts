import { expect, test } from '@playwright/test';
import { keptResult } from '#shared/contract/results.ts';
import { E2E_TOKEN } from '../fixtures/server.ts';
import { openCell } from '../pages/notebook-page.ts';
import { ResultPanel } from '../pages/result-panel.ts';
import { openWorkbench } from '../pages/workbench.ts';

const ROWS = 1_500_000;

test('all rows of a result that the page can’t hold are scrolled to, sorted too, and fetched anew once they are gone', async ({
  page,
}) => {
  await openWorkbench(page);
  const cell = await openCell(page, `SELECT range AS n, range % 7 AS r FROM range(${ROWS})`);
  await cell.run();
  const rows = new ResultPanel(page, cell.frame, 'cell 1');
  await expect(rows.grid).toHaveAttribute('aria-rowcount', '1000001');

  const kept = page.waitForResponse(
    (response) => new URL(response.url()).pathname === '/api/v1/results' && response.ok(),
  );
  await rows.bar.getByRole('button', { name: 'Show all rows' }).click();
  await expect(rows.bar.getByText('All 1,500,000 rows')).toBeVisible();
  await expect(rows.grid).toHaveAttribute('aria-rowcount', String(ROWS + 1));
  await rows.grid.focus();
  await page.keyboard.press('ControlOrMeta+End');
  await expect(rows.cell('1,499,999')).toBeVisible();
  await page.keyboard.press('ControlOrMeta+Home');
  await expect(rows.cell('0').first()).toBeVisible();

  // The server has dropped them meanwhile: that is said of a stretch that was never looked at, and a new run has them again.
  const { url } = keptResult.parse(await (await kept).json());
  const dropped = await page.request.delete(url, { headers: { authorization: `Bearer ${E2E_TOKEN}` } });
  expect(dropped.ok()).toBe(true);
  await rows.grid.evaluate((grid) => (grid.scrollTop = grid.scrollHeight / 2));
  await expect(rows.bar.getByText(/This result is gone/)).toBeVisible();
  await rows.bar.getByRole('button', { name: 'Try again' }).click();
  await expect(rows.bar.getByText('All 1,500,000 rows')).toBeVisible();

  await rows.bar.getByRole('button', { name: 'First rows only' }).click();
  await expect(rows.grid).toHaveAttribute('aria-rowcount', '1000001');
  await rows.grid.focus();
  await page.keyboard.press('ControlOrMeta+Home');
  // Sorted, the first rows are others; so are all.
  await rows.sort('n', 'Sort descending');
  await expect.poll(() => rows.values(0, 1)).toEqual(['1,499,999']);
  await rows.bar.getByRole('button', { name: 'Show all rows' }).click();
  await expect(rows.bar.getByText('All 1,500,000 rows')).toBeVisible();
  await rows.grid.focus();
  await page.keyboard.press('ControlOrMeta+End');
  await expect(rows.cell('0').first()).toBeVisible();
  await expect(rows.cell('NULL')).toHaveCount(0);
});
