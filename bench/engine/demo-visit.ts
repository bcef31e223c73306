import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium, type BrowserContext } from '@playwright/test';
import { openCell } from '../../e2e/pages/notebook-page.ts';
import { CHROMIUM_ARGS, ensureChromium } from '../../tools/chromium.mjs';
import { measure, type BenchCase } from '../harness.ts';
import { GROUP_BY } from '../start/tab.ts';
import { engineStart, runCell } from '../start/workbench.ts';
import { signIn } from './pages.ts';

/** From the navigation to a notebook until its first result is in the page, browser cache cold and warm. */
export async function demoVisit(folder: string, url: string): Promise<BenchCase[]> {
  const profile = async () => mkdtemp(join(folder, 'profile-'));
  const stays = await profile();
  const visited = await open(stays, url);
  try {
    const cold = await measure({
      name: 'visit-cold',
      work: 'navigation to a notebook until its first result, 3,000,000 rows, browser cache empty',
      ours: async () => {
        const fresh = await profile();
        const context = await open(fresh, url);
        try {
          return await visit(context);
        } finally {
          await context.close();
          await rm(fresh, { recursive: true, force: true, maxRetries: 5 });
        }
      },
      note: 'no peer: nothing else opens a notebook from the same server. The query is run as soon as the page takes keys.',
    });
    const warm = await measure({
      name: 'visit-warm',
      work: 'the same, the page visited before in this browser',
      ours: () => visit(visited),
      note: 'no peer, as above.',
    });
    return [cold, warm];
  } finally {
    await visited.close();
  }
}

async function open(profile: string, baseURL: string): Promise<BrowserContext> {
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: ensureChromium(),
    baseURL,
    viewport: { width: 1280, height: 800 },
    args: CHROMIUM_ARGS,
  });
  await signIn(context);
  return context;
}

async function visit(context: BrowserContext): Promise<number> {
  const page = await context.newPage();
  try {
    const cell = await openCell(page, GROUP_BY);
    const { startedAt, timings } = await runCell(page, cell);
    // What is to be kept for the next visit gets its time.
    await engineStart(page);
    return startedAt + timings.total;
  } finally {
    await page.close();
  }
}
