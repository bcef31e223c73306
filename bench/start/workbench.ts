import { setTimeout as delay } from 'node:timers/promises';
import { chromium, type BrowserContext, type Page } from '@playwright/test';
import { AppError } from '#shared/errors/app-error.ts';
import { E2E_TOKEN } from '../../e2e/fixtures/server.ts';
import { openCell, type SqlCell } from '../../e2e/pages/notebook-page.ts';
import { CHROMIUM_ARGS, ensureChromium } from '../../tools/chromium.mjs';

/** `detail` of the measure timestream.run; see web/duckdb/user-timing.ts. */
interface Run {
  readonly engine: 'browser' | 'server';
  readonly timings: {
    readonly plan: number;
    readonly load: number;
    readonly run: number;
    readonly total: number;
  };
}

interface EngineStart {
  /** Milliseconds from navigation until the engine takes queries. */
  readonly readyAt: number;
  readonly bundle: string;
  readonly threads: number;
}

/** How long a page is left alone after its engine is ready, so that what else it loads is no part of a figure. */
const SETTLE_MS = 1000;

/** What fails is told of after that: no benchmark is of failures. */
const FAILURE_MS = 5000;

/** No wait of a benchmark is endless: what the page no longer does ends in an error that says so. */
const WAIT_MS = 60_000;

/** A Chromium with a profile of its own, so that its cache on disk works as a person's does. */
export async function openBrowser(profile: string, baseURL: string): Promise<BrowserContext> {
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: ensureChromium(),
    baseURL,
    viewport: { width: 1280, height: 800 },
    args: CHROMIUM_ARGS,
  });
  context.setDefaultTimeout(WAIT_MS);
  const page = await context.newPage();
  await page.goto(`/?token=${E2E_TOKEN}`);
  await engineStart(page);
  await page.close();
  return context;
}

/** A new page with a notebook of one cell: its engine runs, and holds nothing. */
export async function openColdTab(
  context: BrowserContext,
  sql: string,
): Promise<{ page: Page; cell: SqlCell }> {
  const page = await context.newPage();
  const cell = await openCell(page, sql);
  await engineStart(page);
  await page.waitForTimeout(SETTLE_MS);
  return { page, cell };
}

/** Waits for the page's engine. */
export async function engineStart(page: Page): Promise<EngineStart> {
  await page.waitForFunction(() => performance.getEntriesByName('timestream.engine-start').length > 0);
  return page.evaluate(() => {
    const entry = performance.getEntriesByName('timestream.engine-start')[0] as PerformanceMeasure;
    const detail = entry.detail as { bundle: string; threads: number };
    return { ...detail, readyAt: entry.startTime + entry.duration };
  });
}

/** Runs the cell and gives what the page measured of it. */
export async function runCell(page: Page, cell: SqlCell): Promise<Run & { readonly startedAt: number }> {
  const before = await page.evaluate(() => performance.getEntriesByName('timestream.run').length);
  await page.keyboard.press('ControlOrMeta+Enter');
  // Heard, not asked for: who asks in each frame makes the browser draw them, on the cores that the query needs.
  const answered = page.evaluate(
    (count) =>
      new Promise<void>((resolve) => {
        const look = () => {
          if (performance.getEntriesByName('timestream.run').length > count) resolve();
        };
        new PerformanceObserver(look).observe({ type: 'measure', buffered: true });
        look();
      }),
    before,
  );
  // Who looks for it asks in the page, again and again, which takes its thread 20 ms each time, also from later runs.
  const over = new AbortController();
  const failed = delay(FAILURE_MS, undefined, { signal: over.signal }).then(async () => {
    await cell.error.waitFor();
    throw new AppError('INTERNAL', `The page did not answer: ${await cell.error.innerText()}`);
  });
  // The one that comes second has nothing more to say; it ends with its time-out, or with the page.
  for (const each of [answered, failed]) each.catch(() => undefined);
  await Promise.race([answered, failed]).finally(() => over.abort());
  await cell.frame
    .getByRole('button', { name: /^(Stop|Cancel)/ })
    .first()
    .waitFor({ state: 'detached' });
  const run = await page.evaluate((count) => {
    const entry = performance.getEntriesByName('timestream.run')[count] as PerformanceMeasure;
    return { ...(entry.detail as Run), startedAt: entry.startTime };
  }, before);
  return run;
}

/** Runs the cell until the tab answers. */
export async function warmUp(page: Page, cell: SqlCell): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const { engine } = await runCell(page, cell);
    if (engine === 'browser') return;
    await page.waitForTimeout(300);
  }
  throw new AppError(
    'INTERNAL',
    'The tab never answered the query: see the badge of the cell for the reason.',
  );
}

/** The moment, by the page's clock, when the columns of a query that another engine answered lie in the tab. */
export async function warmedAt(page: Page): Promise<number> {
  await page.waitForFunction(() => performance.getEntriesByName('timestream.warmed').length > 0);
  return page.evaluate(() => {
    const { startTime, duration } = performance.getEntriesByName('timestream.warmed')[0]!;
    return startTime + duration;
  });
}
