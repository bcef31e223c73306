import { expect, test, type Page, type Route } from '@playwright/test';
import { E2E_TOKEN } from '../fixtures/server.ts';
import { openSteadyLakehouse, type SteadyLakehouse } from '../fixtures/steady-lakehouse.ts';

/** Many pages in one journey, and servers of its own before it. */
const LONG_MS = 400_000;

interface Surface {
  readonly name: string;
  readonly path: (lakehouse: SteadyLakehouse) => string;
  /** What of the API it is made of, below `/api/v1`. */
  readonly made: RegExp;
  /** What a failure is called. */
  readonly failed: string;
  /** What is there once it is. */
  readonly shown: string;
  /** Stands where it is while the rest loads, fails and comes. */
  readonly stays?: { readonly role: 'button' | 'heading' | 'tab' | 'searchbox'; readonly name: string };
}

const SURFACES: readonly Surface[] = [
  {
    name: 'notebook',
    path: ({ notebook }) => `/notebooks/${notebook}`,
    made: /^notebooks\/[^/]+$/,
    failed: 'The notebook could not be read.',
    shown: 'ORDER BY total DESC',
  },
  {
    name: 'catalog',
    path: () => '/catalog',
    made: /^tables$/,
    failed: 'The tables could not be read.',
    shown: 'sales.orders',
    stays: { role: 'heading', name: 'Catalog' },
  },
  {
    name: 'table',
    path: () => '/catalog/sales.orders',
    made: /^tables\/sales\.orders$/,
    failed: 'The table sales.orders could not be read.',
    shown: 'decimal(8, 2)',
    stays: { role: 'tab', name: 'Schema' },
  },
  {
    name: 'rows of a table',
    path: () => '/catalog/sales.orders?tab=preview',
    made: /^(plan|query)$/,
    failed: 'The rows could not be read.',
    shown: 'First 60 rows',
    stays: { role: 'tab', name: 'Preview' },
  },
  {
    name: 'profile of a table',
    path: () => '/catalog/sales.orders?tab=profile',
    made: /^(plan|query)$/,
    failed: 'Figures of these columns could not be computed.',
    shown: '≈ 60',
    stays: { role: 'tab', name: 'Profile' },
  },
  {
    name: 'files of a table',
    path: () => '/catalog/sales.orders?tab=files',
    made: /\/files$/,
    failed: 'The files could not be read.',
    shown: 'parquet',
    stays: { role: 'tab', name: 'Files' },
  },
  {
    name: 'snapshots of a table',
    path: () => '/catalog/sales.orders?tab=snapshots',
    made: /\/history$/,
    failed: 'The snapshots could not be read.',
    shown: 'append',
    stays: { role: 'tab', name: 'Snapshots' },
  },
  {
    name: 'history',
    path: () => '/history',
    made: /^refs\/main\/log$/,
    failed: 'The history could not be read.',
    shown: 'Create sales.orders with 60 rows',
    stays: { role: 'heading', name: 'History of main' },
  },
  {
    name: 'moves',
    path: () => '/history?view=moves',
    made: /^reflog$/,
    failed: 'The moves could not be read.',
    shown: 'Empty catalog',
    stays: { role: 'heading', name: 'History of main' },
  },
  {
    name: 'changes of a branch',
    path: () => '/branches/compare?source=discounts',
    made: /^diff$/,
    failed: 'The changes could not be read.',
    shown: '1 file added',
    stays: { role: 'tab', name: 'Changes' },
  },
  {
    name: 'comparison',
    path: () => '/branches/compare?source=discounts',
    made: /^compare$/,
    failed: 'discounts and main could not be compared.',
    shown: '3 commits ahead',
    stays: { role: 'heading', name: 'Compare and merge' },
  },
  {
    name: 'merge requests',
    path: () => '/branches/merge-requests',
    made: /^merge-requests$/,
    failed: 'The merge requests could not be read.',
    shown: 'Discounts of the quarter',
    stays: { role: 'heading', name: 'Merge requests' },
  },
  {
    name: 'merge request',
    path: ({ request }) => `/branches/merge-requests/${request}`,
    made: /^merge-requests\/\d+$/,
    failed: 'The merge request could not be read.',
    shown: 'Ten per cent off',
  },
  {
    name: 'hooks',
    path: () => '/branches/hooks',
    made: /^hooks$/,
    failed: 'The hooks could not be read.',
    shown: 'No webhook yet',
    stays: { role: 'heading', name: 'Hooks' },
  },
  {
    name: 'retention',
    path: () => '/branches/retention',
    made: /^maintenance\/retention$/,
    failed: 'The rules could not be read.',
    shown: 'There is no rule',
    stays: { role: 'heading', name: 'Retention' },
  },
  {
    name: 'query history',
    path: () => '/queries',
    made: /^query-runs$/,
    failed: 'The history could not be read.',
    shown: 'range(1e12)',
    stays: { role: 'heading', name: 'Query history' },
  },
  {
    name: 'saved queries',
    path: () => '/queries/saved',
    made: /^saved-queries$/,
    failed: 'The saved queries could not be read.',
    shown: 'Newest rows',
    stays: { role: 'heading', name: 'Saved queries' },
  },
  {
    name: 'schedules',
    path: () => '/queries/schedules',
    made: /^notebook-schedules$/,
    failed: 'The schedules could not be read.',
    shown: 'No notebook runs by itself',
    stays: { role: 'heading', name: 'Runs' },
  },
  {
    name: 'notebooks',
    path: () => '/notebooks',
    made: /^notebooks$/,
    failed: 'The notebooks could not be read.',
    shown: 'Orders of a quarter',
  },
];

/** What a server says of its own failure, and what something between says that is no server of ours. */
const BROKEN = {
  status: 500,
  json: {
    error: {
      code: 'INTERNAL',
      message: 'Something broke on purpose.',
      retryable: false,
      context: {},
      requestId: 'a-request',
    },
  },
};
const STRANGE = { status: 500, contentType: 'text/html', body: '<h1>at Object.run (server.js:1)</h1>' };

let lakehouse: SteadyLakehouse;
test.beforeAll(async () => {
  test.setTimeout(LONG_MS);
  lakehouse = await openSteadyLakehouse('filled');
});
test.afterAll(() => lakehouse.close());

/** Answers what the surface is made of by what is set at the time; all else is the server's. */
class Answers {
  private answer: 'hold' | 'down' | typeof BROKEN | typeof STRANGE | 'pass' = 'hold';
  private held: Route[] = [];
  private made = /^$/;

  static async of(page: Page): Promise<Answers> {
    const answers = new Answers();
    await page.route('**/api/v1/**', async (route) => answers.give(route));
    return answers;
  }

  /** From now on. */
  of(made: RegExp): void {
    this.made = made;
    this.answer = 'hold';
  }

  /** What was held and what comes is answered so. */
  async become(answer: Exclude<Answers['answer'], 'hold'>): Promise<void> {
    this.answer = answer;
    // A page that was left does not wait for them any more.
    for (const route of this.held.splice(0)) await this.give(route).catch(() => undefined);
  }

  private async give(route: Route): Promise<void> {
    const path = decodeURIComponent(new URL(route.request().url()).pathname.replace('/api/v1/', ''));
    if (this.answer === 'pass' || !this.made.test(path)) return route.continue();
    if (this.answer === 'hold') return void this.held.push(route);
    return this.answer === 'down' ? route.abort('connectionrefused') : route.fulfill(this.answer);
  }
}

test('what a page is made of loads, fails in each way with a sentence, and comes when it is asked for again', async ({
  page,
}) => {
  test.setTimeout(LONG_MS);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const answers = await Answers.of(page);
  await page.goto(`${lakehouse.url}/branches/compare?token=${E2E_TOKEN}`);
  for (const [at, surface] of SURFACES.entries()) {
    await test.step(surface.name, async () => {
      answers.of(surface.made);
      await page.goto(lakehouse.url + surface.path(lakehouse));
      const main = page.getByRole('main');
      const place = async () => {
        const { stays } = surface;
        if (stays === undefined) return null;
        const box = await main.getByRole(stays.role, { name: stays.name, exact: true }).boundingBox();
        return box && { x: box.x, y: box.y };
      };
      // Nothing of it is there, and the page does not look as if there were nothing.
      if (surface.stays === undefined) await expect(main.getByText('Waiting for the server…')).toBeAttached();
      else
        await expect(
          main.getByRole(surface.stays.role, { name: surface.stays.name, exact: true }),
        ).toBeVisible();
      await expect(main).not.toContainText(surface.shown);
      const before = await place();

      // What this browser has seen before, it shows while the server is away: those are none of the third kind.
      const kind = ([BROKEN, STRANGE, 'down'] as const)[at % 3] ?? BROKEN;
      await answers.become(kind);
      const alert = main.getByRole('alert').filter({ hasText: surface.failed });
      await expect(alert).toBeVisible();
      if (kind === BROKEN) await expect(alert).toContainText('Something broke on purpose.');
      if (kind === STRANGE) await expect(alert).toContainText('The server answered with status 500.');
      if (kind === 'down') await expect(alert).toContainText('The server can’t be reached');
      await expect(main).not.toContainText('server.js');

      await answers.become('pass');
      await alert.getByRole('button', { name: 'Try again' }).click();
      await expect(main).toContainText(surface.shown);
      await expect(alert).toHaveCount(0);
      expect(await place(), 'what stood there while it loaded').toEqual(before);
    });
  }
});
