import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLocalFileIO } from '#server/storage/local-file-io.ts';
import { report, type BenchCase } from './harness.ts';
import { appendCases } from './iceberg/append-commits.ts';
import { Peer } from './iceberg/peer.ts';
import { planMemoryCase } from './iceberg/plan-memory.ts';
import { scanPlanningCases } from './iceberg/scan-planning.ts';
import { writeWideTable } from './iceberg/wide-table.ts';
import { writeCase } from './iceberg/write-throughput.ts';
import { zOrderCases } from './iceberg/z-order.ts';

const FILES = [10_000, 100_000];

/** The table format: planning scans of large tables, commits, writing, clustering; PyIceberg and DuckDB are the peers. */
export default async function iceberg({
  json,
  python,
}: {
  json: boolean;
  /** Makes the environment of the peers where it is not there yet. */
  python: () => string;
}): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'timestream-bench-'));
  const interpreter = python();
  const peer = new Peer(interpreter);
  const cases: BenchCase[] = [];
  try {
    const io = await createLocalFileIO({ rootDirectory: join(folder, 'wide') });
    for (const files of FILES) {
      const table = await writeWideTable(io, `wide-${files}`, files);
      cases.push(...(await scanPlanningCases(io, peer, table)));
      if (files === FILES.at(-1)) cases.push(await planMemoryCase(interpreter, table));
    }
    cases.push(...(await appendCases(folder, peer)));
    cases.push(await writeCase(folder), ...(await zOrderCases(folder)));
    report('iceberg', cases, json);
  } finally {
    peer.close();
    await rm(folder, { recursive: true, force: true });
  }
}
