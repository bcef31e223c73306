import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { expect, test, type Page, type TestInfo } from '@playwright/test';
import { E2E_TOKEN } from '../fixtures/server.ts';
import { openSteadyLakehouse, type SteadyLakehouse } from '../fixtures/steady-lakehouse.ts';
import { fontsLoaded, lettersOf, majorVersion, sameLetters, steadyPage } from '../fixtures/steady-page.ts';
import { SqlCell } from '../pages/notebook-page.ts';

/** Many pages in one journey, and servers of its own before it. */
const LONG_MS = 400_000;

type Theme = 'light' | 'dark';

interface Surface {
  readonly name: string;
  readonly lakehouse?: 'empty';
  readonly path: (in_: SteadyLakehouse) => string;
  /** Comes last of what the page shows. */
  readonly shown: string;
  /** Once that is there. */
  readonly afterwards?: (page: Page) => Promise<void>;
  /** Pixels; 800 where not said. */
  readonly height?: number;
  /** Wide as well as narrow, in this theme. */
  readonly wide?: Theme;
  /** In both where not said. */
  readonly theme?: Theme;
}

const SURFACES: readonly Surface[] = [
  {
    name: 'notebook',
    path: ({ notebook }) => `/notebooks/${notebook}`,
    shown: 'ORDER BY total DESC',
    afterwards: runAll,
    height: 1400,
    wide: 'light',
  },
  { name: 'catalog', path: () => '/catalog', shown: 'finance.rates' },
  { name: 'table', path: () => '/catalog/sales.orders', shown: 'decimal(8, 2)' },
  { name: 'history', path: () => '/history', shown: 'Create sales.orders with 60 rows' },
  { name: 'branches', path: () => '/branches', shown: '3 ahead' },
  {
    name: 'compare',
    path: () => '/branches/compare?source=discounts&table=sales.orders',
    shown: '2 files read',
    wide: 'dark',
  },
  {
    name: 'merge-request',
    path: ({ request }) => `/branches/merge-requests/${request}`,
    shown: 'Ten per cent off',
    theme: 'light',
  },
  { name: 'queries', path: () => '/queries', shown: 'range(1e12)' },
  { name: 'saved-queries', path: () => '/queries/saved', shown: 'Newest rows' },
  { name: 'empty-home', lakehouse: 'empty', path: () => '/', shown: 'No notebook yet' },
  { name: 'empty-catalog', lakehouse: 'empty', path: () => '/catalog', shown: 'No tables', theme: 'light' },
  {
    name: 'empty-queries',
    lakehouse: 'empty',
    path: () => '/queries',
    shown: 'Nothing was run yet',
    theme: 'dark',
  },
];

/** Fails where something moved by a few pixels, changed its colour, or is gone; see CONTRIBUTING.md. */
const SAME = { animations: 'disabled', caret: 'hide', threshold: 0.02, maxDiffPixels: 40 } as const;

let filled: SteadyLakehouse;
let empty: SteadyLakehouse;
test.beforeAll(async () => {
  // Two servers, each with a database of its own to begin with.
  test.setTimeout(LONG_MS);
  [filled, empty] = await Promise.all([openSteadyLakehouse('filled'), openSteadyLakehouse('empty')]);
});
test.afterAll(() => Promise.all([filled, empty].map((each) => each.close())));

/** The page once all that it shows is there; its engine may still be starting. */
async function open(page: Page, surface: Surface): Promise<void> {
  const { url } = surface.lakehouse === 'empty' ? empty : filled;
  await page.goto(url + surface.path(filled));
  const beside = page.getByRole('complementary', { name: 'Notebooks and tables' });
  await expect(beside).toContainText(surface.lakehouse === 'empty' ? 'No tables here yet' : 'orders');
  await expect(page.getByRole('contentinfo', { name: 'Status' })).toContainText('Connected');
  await expect(page.getByRole('main')).toContainText(surface.shown);
  await fontsLoaded(page);
  await surface.afterwards?.(page);
}

async function runAll(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Run all' }).click();
  const cell = new SqlCell(page, 3);
  await expect(cell.badge).toBeVisible();
  await expect(cell.grid).toContainText('customer 1');
  await expect(page.getByRole('figure', { name: /^Bar chart/ })).toBeVisible();
}

/** Whether there is something to compare with; it is taken now where that was asked for. */
async function comparable(page: Page, info: TestInfo, folder: string): Promise<string | null> {
  const letters = info.snapshotPath(folder, 'letters.png');
  const drawn = await lettersOf(page);
  if (info.config.updateSnapshots === 'all' || info.config.updateSnapshots === 'changed') {
    await mkdir(dirname(letters), { recursive: true });
    await writeFile(letters, drawn);
    return null;
  }
  if (!existsSync(letters)) return `There are no pictures of the pages by Chromium ${majorVersion(page)}`;
  return sameLetters(drawn, letters)
    ? null
    : 'This machine draws letters otherwise than the pictures have them';
}

for (const theme of ['light', 'dark'] as const) {
  test(`the main pages look as they did, ${theme}`, async ({ page }, info) => {
    test.setTimeout(LONG_MS);
    await steadyPage(page);
    for (const { url } of [empty, filled]) await page.goto(`${url}/catalog?token=${E2E_TOKEN}`);
    const folder = `chromium-${majorVersion(page)}`;
    const why = await comparable(page, info, folder);
    test.skip(
      why !== null,
      `${why}: where the pages look as they should, "npx playwright test baselines --update-snapshots=all" takes them.`,
    );
    await page.emulateMedia({ colorScheme: theme });
    for (const surface of SURFACES.filter((each) => (each.theme ?? theme) === theme)) {
      for (const width of surface.wide === theme ? [1280, 1920] : [1280]) {
        await page.setViewportSize({ width, height: surface.height ?? (width === 1920 ? 1080 : 800) });
        await open(page, surface);
        // Beside all that changes under a pointer.
        await page.mouse.move(0, 0);
        const size = width === 1280 ? '' : `-${width}`;
        await expect.soft(page).toHaveScreenshot([folder, `${surface.name}-${theme}${size}.png`], SAME);
      }
    }
  });
}
