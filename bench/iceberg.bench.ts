import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLocalFileIO } from '#server/storage/local-file-io.ts';
import { report, type BenchCase } from './harness.ts';
import { Peer } from './iceberg/peer.ts';
import { scanPlanningCases } from './iceberg/scan-planning.ts';

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
  const peer = new Peer(python());
  const cases: BenchCase[] = [];
  try {
    const io = await createLocalFileIO({ rootDirectory: join(folder, 'wide') });
    for (const files of FILES) cases.push(...(await scanPlanningCases(io, peer, files)));
    await mkdir(join(folder, 'peer'));
    report('iceberg', cases, json);
  } finally {
    peer.close();
    await rm(folder, { recursive: true, force: true });
  }
}
