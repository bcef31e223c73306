import { expect, test } from '@playwright/test';
import { readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openWorkbench } from '../pages/workbench.ts';

const WEB = fileURLToPath(new URL('../../dist/web', import.meta.url));
/** Compressed bytes of what a page needs before it draws: scripts and styles that its HTML names. */
const BUDGET = 330_000;
/** Loaded when they are needed, and named like their chunks or packages. */
const LAZY = [/monaco/i, /sql-editor/, /duckdb/i, /parquet/i, /recharts|result-chart/];

test('what the page needs before it draws stays small', () => {
  const html = readFileSync(join(WEB, 'index.html'), 'utf8');
  const named = [...html.matchAll(/(?:src|href)="(\/assets\/[^"]+\.(?:js|css))"/g)].map(
    ([, path]) => path ?? '',
  );
  expect(named.length).toBeGreaterThan(1);
  const sizes = named.map((path) => ({
    path,
    bytes:
      statSync(join(WEB, `${path}.br`), { throwIfNoEntry: false })?.size ?? statSync(join(WEB, path)).size,
  }));
  const total = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
  expect(total, sizes.map(({ path, bytes }) => `${bytes} ${path}`).join('\n')).toBeLessThan(BUDGET);
  for (const path of named) for (const pattern of LAZY) expect(basename(path)).not.toMatch(pattern);
});

test('a page without an editor loads no editor, and no chart', async ({ page }) => {
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await openWorkbench(page, '/catalog');
  await expect(page.getByRole('heading', { name: 'Catalog' })).toBeVisible();
  await page.waitForLoadState('networkidle');
  expect(asked.filter((path) => /sql-editor|result-chart/.test(path))).toEqual([]);
});
