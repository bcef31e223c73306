import type { BrowserContext, Locator } from '@playwright/test';
import { median, type BenchCase } from '../harness.ts';
import { openColdTab } from '../start/workbench.ts';

const ROWS = 1_000_000;
const COLUMNS = 1000;
const RUNS = 5;
/** How long one scroll lasts. */
const SCROLL_MS = 3000;
const AIM = 50;

/** One bit a value: a million rows of a thousand wider columns are more than a tab may hold. */
const SQL = `SELECT ${Array.from({ length: COLUMNS }, (_, at) => `i & ${1 << (at % 20)} > 0 AS c${at}`).join(', ')} FROM range(${ROWS}) t(i)`;

/** Frames a second while the grid of a million rows and a thousand columns is scrolled, by the browser's own clock. */
export async function gridFrames(browser: BrowserContext): Promise<BenchCase[]> {
  const { page, cell } = await openColdTab(browser, SQL);
  page.setDefaultTimeout(300_000);
  await page.keyboard.press('ControlOrMeta+Enter');
  await cell.badge.waitFor({ timeout: 300_000 });
  await cell.grid.waitFor();
  const size = [await cell.grid.getAttribute('aria-rowcount'), await cell.grid.getAttribute('aria-colcount')];
  const plain = await scrolls(cell.grid);
  await cell.frame.getByRole('button', { name: 'Figures of the columns' }).click();
  const withFigures = await scrolls(cell.grid);
  await page.close();
  const shape = `${size.join(' × ')} cells, header and row numbers among them`;
  return [
    framesCase('rows down', `${SCROLL_MS / 1000} s of scrolling ${shape}`, plain.down),
    framesCase('columns across', `${SCROLL_MS / 1000} s of scrolling ${shape}`, plain.across),
    framesCase(
      'columns across, with figures',
      'the same while the engine computes the figures of what is in view',
      withFigures.across,
    ),
  ];
}

async function scrolls(grid: Locator): Promise<{ down: number; across: number }> {
  const down: number[] = [];
  const across: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    down.push(await framesOf(grid, 'scrollTop', 40));
    across.push(await framesOf(grid, 'scrollLeft', 25));
  }
  return { down: median(down), across: median(across) };
}

/** @param step pixels a frame */
async function framesOf(grid: Locator, axis: 'scrollTop' | 'scrollLeft', step: number): Promise<number> {
  return grid.evaluate(
    async (element, { direction, pixels, duration }) => {
      element[direction] = 0;
      const frame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve));
      await frame();
      const start = await frame();
      let frames = 0;
      let now = start;
      while (now - start < duration) {
        element[direction] += pixels;
        now = await frame();
        frames += 1;
      }
      return (frames / (now - start)) * 1000;
    },
    { direction: axis, pixels: step, duration: SCROLL_MS },
  );
}

function framesCase(name: string, work: string, frames: number): BenchCase {
  return {
    name: `grid, ${name}`,
    work,
    unit: 'frames/s',
    ours: Number(frames.toPrecision(3)),
    peer: null,
    peerValue: null,
    ratio: null,
    aim: `>= ${AIM}`,
    better: 'higher',
    met: frames >= AIM,
    note: 'no peer: the aim is what a person sees as smooth',
  };
}
