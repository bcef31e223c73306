import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tableFiles } from '#shared/contract/tables.ts';
import { quoteLiteral } from '#shared/sql/quoting.ts';
import { ServerProcess } from '../e2e/fixtures/server-process.ts';
import { report, type BenchCase } from './harness.ts';
import { demoLoad } from './start/demo-load.ts';
import { planLatency } from './start/plan-latency.ts';
import { engineStartCase, firstTouch, warmQuery } from './start/tab.ts';
import { openBrowser } from './start/workbench.ts';

/** What a first visit is made of: the demo's load, the engine's start, the first and the next answer, plans. */
export default async function start({ json }: { json: boolean }): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'timestream-bench-'));
  try {
    const loaded = await demoLoad(folder);
    report('start', [loaded, ...(await withServer(folder))], json);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The built server with its demo, and a Chromium, as a person has them. */
async function withServer(folder: string): Promise<BenchCase[]> {
  const server = new ServerProcess(join(folder, 'lakehouse'));
  try {
    const url = await server.url();
    await server.demoLoaded();
    const { files } = await server.get('/tables/bronze.flights/files', tableFiles);
    const paths = files.map(({ path }) => quoteLiteral(fileURLToPath(path)));
    const flights = `read_parquet([${paths.join(', ')}])`;
    const plans = await planLatency(url, flights);
    const browser = await openBrowser(join(folder, 'profile'), url);
    try {
      const warm = await warmQuery(browser, flights);
      const touched = await firstTouch(browser, flights);
      return [warm, ...touched, await engineStartCase(browser), ...plans];
    } finally {
      await browser.close();
    }
  } finally {
    await server.stop();
  }
}
