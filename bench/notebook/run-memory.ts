import type { BrowserContext } from '@playwright/test';
import { ratioCase, type BenchCase } from '../harness.ts';
import { openColdTab, runCell } from '../start/workbench.ts';

const FEW = 10;
const MANY = 100;

/** The page's memory after a hundred runs of one cell, against that after ten: what is left of a run is a leak. */
export async function runMemory(browser: BrowserContext): Promise<BenchCase> {
  const { page, cell } = await openColdTab(
    browser,
    'SELECT i, i * 2 AS twice, i::VARCHAR AS t FROM range(20000) t(i)',
  );
  const devtools = await browser.newCDPSession(page);
  const used = async () => {
    await devtools.send('HeapProfiler.collectGarbage');
    const { usedSize, backingStorageSize = 0 } = (await devtools.send('Runtime.getHeapUsage')) as {
      usedSize: number;
      backingStorageSize?: number;
    };
    return (usedSize + backingStorageSize) / 1e6;
  };
  for (let run = 0; run < FEW; run++) await runCell(page, cell);
  const few = await used();
  for (let run = FEW; run < MANY; run++) await runCell(page, cell);
  const many = await used();
  await page.close();
  return ratioCase({
    name: `memory after ${MANY} runs`,
    work: `the page's heap and buffers after ${MANY} runs of one cell of 20,000 rows, garbage collected`,
    unit: 'MB',
    ours: many,
    peer: `after ${FEW} runs`,
    peerValue: few,
    aim: 1.1,
  });
}
