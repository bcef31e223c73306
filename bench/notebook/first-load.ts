import type { BrowserContext, Page } from '@playwright/test';
import { notebook } from '#shared/contract/notebooks.ts';
import { bytesOf, FIRST_LOAD_BUDGET, firstLoadFiles } from '../../e2e/fixtures/first-load.ts';
import { SqlCell } from '../../e2e/pages/notebook-page.ts';
import { measure, ratioCase, type BenchCase } from '../harness.ts';

/** What the page weighs before it draws, and how long until a person can write in a notebook. */
export async function firstLoad(browser: BrowserContext): Promise<BenchCase[]> {
  const bundle = ratioCase({
    name: 'first load',
    work: 'scripts and styles that the HTML names, as the server sends them (brotli)',
    unit: 'kB',
    ours: bytesOf(firstLoadFiles()) / 1000,
    limit: FIRST_LOAD_BUDGET / 1000,
    note: 'no peer: the budget that every test run keeps. Editor, engine and charts load when they are needed.',
  });
  return [bundle, await interactive(browser, 'first'), await interactive(browser, 'next')];
}

function interactive(browser: BrowserContext, visit: 'first' | 'next'): Promise<BenchCase> {
  return measure({
    name: `interactive, ${visit} visit`,
    work: `open a notebook until a letter that is typed stands in its editor, the browser's cache ${visit === 'first' ? 'off' : 'warm'}`,
    ours: async () => {
      const path = await emptyNotebook(browser);
      const page = await browser.newPage();
      try {
        if (visit === 'first') await withoutCache(page);
        await page.goto(path);
        const cell = new SqlCell(page, 1);
        await cell.frame.getByRole('code').click();
        await page.keyboard.press('x');
        await cell.frame.getByRole('code').filter({ hasText: 'x' }).waitFor();
        return await page.evaluate(() => performance.now());
      } finally {
        await page.close();
      }
    },
    note: "no peer: no other notebook's page comes from the same server.",
  });
}

async function emptyNotebook(browser: BrowserContext): Promise<string> {
  const created = await browser.request.post('/api/v1/notebooks', {
    data: { title: 'Empty', cells: [{ id: 'only', kind: 'sql', source: '', view: 'grid' }] },
  });
  return `/notebooks/${notebook.parse(await created.json()).id}`;
}

/** Neither the browser's cache nor the service worker's has anything for the page. */
async function withoutCache(page: Page): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Network.enable');
  await devtools.send('Network.setCacheDisabled', { cacheDisabled: true });
  await devtools.send('Network.setBypassServiceWorker', { bypass: true });
}
