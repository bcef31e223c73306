import { expect, test } from '@playwright/test';
import { basename } from 'node:path';
import { bytesOf, FIRST_LOAD_BUDGET, firstLoadFiles } from '../fixtures/first-load.ts';
import { openWorkbench } from '../pages/workbench.ts';

/** Loaded when they are needed, and named like their chunks or packages. */
const LAZY = [/monaco/i, /sql-editor/, /duckdb/i, /parquet/i, /recharts|result-chart/];

test('what the page needs before it draws stays small', () => {
  const files = firstLoadFiles();
  expect(files.length).toBeGreaterThan(1);
  const list = files.map(({ path, bytes }) => `${bytes} ${path}`).join('\n');
  expect(bytesOf(files), list).toBeLessThan(FIRST_LOAD_BUDGET);
  for (const { path } of files) for (const pattern of LAZY) expect(basename(path)).not.toMatch(pattern);
});

test('a page without an editor loads no editor, and no chart', async ({ page }) => {
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await openWorkbench(page, '/catalog');
  await expect(page.getByRole('heading', { name: 'Catalog' })).toBeVisible();
  await page.waitForLoadState('networkidle');
  expect(asked.filter((path) => /sql-editor|result-chart/.test(path))).toEqual([]);
});
