import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ServerProcess } from '../e2e/fixtures/server-process.ts';
import { demoVisit } from './engine/demo-visit.ts';
import { TPCH_TABLES, writeLakehouse } from './engine/lakehouse.ts';
import { filesOf } from './engine/peer.ts';
import { serverEngine } from './engine/server-engine.ts';
import { timeTravel } from './engine/time-travel.ts';
import { tpchCold } from './engine/tpch-cold.ts';
import { tpchWarm } from './engine/tpch-warm.ts';
import { widePlans } from './engine/wide-plan.ts';
import { machineName, report, type BenchCase } from './harness.ts';
import { openBrowser } from './start/workbench.ts';

/**
 * Both engines on TPC-H data, in a real Chromium. BENCH_SCALE is the data's scale factor (1 where not set); a word in
 * BENCH_ONLY, or several with commas between them, keeps the groups of cases whose names have it. `--record` keeps the ratios in docs/benchmarks.
 */
export default async function engine({
  json,
  tpch,
  record,
  args,
}: {
  json: boolean;
  args: readonly string[];
  record: (bench: string, run: { machine: string; scale: number; cases: readonly BenchCase[] }) => void;
  /** Installs a generator of TPC-H data where it is not there yet. */
  tpch: () => string;
}): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'timestream-bench-'));
  try {
    const scale = Number(process.env['BENCH_SCALE'] ?? '1');
    await writeLakehouse(folder, tpch(), scale);
    const cases = await withServer(folder, process.env['BENCH_ONLY'] ?? '');
    if (args.includes('--record')) record('engine', { machine: machineName(), scale, cases });
    report('engine', cases, json);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function withServer(folder: string, only: string): Promise<BenchCase[]> {
  const server = new ServerProcess(join(folder, 'lakehouse'), ['--no-demo'], {
    // Every run is a run.
    RESULT_CACHE_BYTES: '0',
  });
  const url = await server.url();
  const context = await openBrowser(join(folder, 'profile'), url);
  try {
    const files = await filesOf(server, [...TPCH_TABLES.map((table) => `tpch.${table}`), 'bronze.flights']);
    const groups: Readonly<Record<string, () => Promise<BenchCase[]>>> = {
      warm: () => tpchWarm(context, files),
      cold: () => tpchCold(context, files),
      visit: () => demoVisit(folder, url),
      travel: async () => [await timeTravel(context, server)],
      server: () => serverEngine(url, files),
      plan: () => widePlans(url),
    };
    const cases: BenchCase[] = [];
    const words = only.split(',');
    for (const [name, run] of Object.entries(groups))
      if (words.some((word) => name.includes(word))) cases.push(...(await run()));
    return cases;
  } finally {
    await context.close();
    await server.stop();
  }
}
