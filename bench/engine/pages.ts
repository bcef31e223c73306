import type { BrowserContext, Page } from '@playwright/test';
import type { EnginePreference } from '#shared/contract/plan.ts';
import { E2E_TOKEN } from '../../e2e/fixtures/server.ts';
import type { SqlCell } from '../../e2e/pages/notebook-page.ts';
import { openColdTab } from '../start/workbench.ts';

const WAIT_MS = 120_000;

/** Of the measure timestream.held; see web/duckdb/user-timing.ts. */
export interface Held {
  readonly bytes: number;
  readonly fileBytes: number;
  readonly columns: number;
}

/** Signs in to all pages to come. */
export async function signIn(context: BrowserContext): Promise<void> {
  context.setDefaultTimeout(WAIT_MS);
  const answer = await context.request.get(`/?token=${E2E_TOKEN}`);
  await answer.dispose();
}

/**
 * Opens a tab that holds nothing, with the engine chosen for its queries, works in it once it has come to rest (its
 * engine runs, and has rehearsed), and closes it.
 * The browser has no data of an earlier visit.
 */
export async function inColdTab<T>(
  context: BrowserContext,
  { sql, preference }: { readonly sql: string; readonly preference: EnginePreference },
  work: (page: Page, cell: SqlCell) => Promise<T>,
): Promise<T> {
  const before = await context.newPage();
  // Something of the origin that runs no engine.
  await before.goto('/icon.svg');
  await before.evaluate((engine) => localStorage.setItem('timestream.engine', engine), preference);
  // Where the tab keeps what it fetched, and what the browser keeps of its own accord.
  const devTools = await context.newCDPSession(before);
  const { origin } = new URL(before.url());
  await devTools.send('Storage.clearDataForOrigin', { origin, storageTypes: 'indexeddb' });
  await devTools.send('Network.clearBrowserCache');
  await devTools.detach();
  await before.close();
  const { page, cell } = await openColdTab(context, sql);
  try {
    await page.waitForFunction(
      () => performance.getEntriesByName('timestream.rehearsed').length > 0,
      undefined,
      { polling: 200 },
    );
    return await work(page, cell);
  } finally {
    await page.close();
  }
}

/** What the tab holds, once it has compressed the columns that it loaded and put those of each file together. */
export async function held(page: Page): Promise<Held> {
  await page.waitForFunction(() => performance.getEntriesByName('timestream.held').length > 0);
  // Loads that end one after the other are measured one after the other, and columns are joined, a few seconds a file.
  for (let before = -1; ;) {
    const count = await page.evaluate(() => performance.getEntriesByName('timestream.held').length);
    if (count === before) break;
    before = count;
    await page.waitForTimeout(6000);
  }
  return page.evaluate(
    () => (performance.getEntriesByName('timestream.held').at(-1) as PerformanceMark).detail as Held,
  );
}
