import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ServerProcess } from '../e2e/fixtures/server-process.ts';
import { report } from './harness.ts';
import { firstLoad } from './notebook/first-load.ts';
import { gridFrames } from './notebook/grid-frames.ts';
import { runMemory } from './notebook/run-memory.ts';
import { openBrowser } from './start/workbench.ts';

/** What working in a notebook is like: what loads until one can write, frames while a large result is scrolled, and memory as cells run again and again. */
export default async function notebook({ json }: { json: boolean }): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'timestream-bench-'));
  const server = new ServerProcess(join(folder, 'lakehouse'), ['--no-demo']);
  try {
    const browser = await openBrowser(join(folder, 'profile'), await server.url());
    try {
      const loaded = await firstLoad(browser);
      report('notebook', [...loaded, await runMemory(browser), ...(await gridFrames(browser))], json);
    } finally {
      await browser.close();
    }
  } finally {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
