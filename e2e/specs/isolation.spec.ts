import { expect, test } from '@playwright/test';
import { E2E_URL } from '../fixtures/server.ts';
import { openCell } from '../pages/notebook-page.ts';
import { openWorkbench } from '../pages/workbench.ts';

test('the page asks its own server for everything, and no other host for anything', async ({
  page,
  context,
}) => {
  const foreign: string[] = [];
  const refused: string[] = [];
  context.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(`${E2E_URL}/`) && !/^(data|blob):/.test(url)) foreign.push(url);
  });
  page.on('console', (message) => {
    if (/Content.Security.Policy/i.test(message.text())) refused.push(message.text());
  });
  await openWorkbench(page);
  const cell = await openCell(page, 'SELECT origin, avg(delay) FROM bronze.flights GROUP BY origin');
  await cell.run();
  // The engine's first thought of a function that it lacks would be to download an extension.
  await cell.write(`SELECT json_extract('{"a": 1}', '$.a') AS a, strftime(now(), '%Y') > '2000' AS later`);
  await cell.run();
  await expect(cell.badge).toHaveAccessibleName('Answered by the server');
  for (const path of ['/catalog', '/catalog/bronze.flights', '/history']) await page.goto(path);
  expect(foreign).toEqual([]);
  expect(refused).toEqual([]);
  expect(await page.evaluate(() => window.crossOriginIsolated)).toBe(true);
});

test('without the token, or with one of another day, a person is told what to do', async ({ page }) => {
  await page.goto('/?token=a-token-of-another-day');
  await expect(page.getByText('not the one of this server')).toBeVisible();
  await page.goto('/');
  await expect(page.getByLabel('Token')).toBeVisible();
});
