import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { postgresPrograms, startPostgres } from '#server/db/local-postgres.ts';
import { buildChildScript } from '#server/testing/child-script.ts';
import { killLoop } from '#server/testing/kill-loop.ts';
import { ratioCase, report, type BenchCase } from './harness.ts';

/** The sources are enough. */
export const usesBuild = false;

/** Servers that are killed under write load, `--kills N` times (200), on PGlite or with `--postgres` on PostgreSQL. */
export default async function faults({
  json,
  args,
}: {
  json: boolean;
  args: readonly string[];
}): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      kills: { type: 'string', default: '200' },
      postgres: { type: 'boolean', default: false },
      json: { type: 'boolean' },
    },
  });
  const kills = Number(values.kills);
  const script = await buildChildScript(new URL('../server/testing/write-load-child.ts', import.meta.url));
  const folder = await mkdtemp(join(tmpdir(), 'timestream-faults-'));
  const database = values.postgres ? await ownPostgres() : null;
  try {
    report('faults', [await run(script, folder, kills, database?.url)], json);
  } finally {
    await database?.stop();
    await rm(folder, { recursive: true, force: true });
    await rm(dirname(script), { recursive: true, force: true });
  }
}

async function run(
  script: string,
  folder: string,
  kills: number,
  databaseUrl: string | undefined,
): Promise<BenchCase> {
  const began = performance.now();
  const result = await killLoop({
    script,
    folder,
    kills,
    progress: (line) => console.error(line),
    ...(databaseUrl === undefined ? {} : { databaseUrl }),
  });
  const seconds = Math.round((performance.now() - began) / 1000);
  const { started, acknowledged, commits, unsaid, fsck } = result;
  const { checked } = fsck;
  return ratioCase({
    name: `${kills} kills (-9), ${databaseUrl === undefined ? 'PGlite' : 'PostgreSQL'}`,
    work: 'DML on three tables, transactions over two, branches made, merged and deleted, compaction, all at once',
    unit: 'acknowledged steps lost',
    // One that is lost ends the run with an error.
    ours: 0,
    note:
      `${started} servers began to write, ${acknowledged} steps acknowledged, ${unsaid} more had happened unsaid, ` +
      `${commits} commits in the log in order; fsck clean over ${checked.commits} commits, ` +
      `${checked.tableVersions} versions of tables, ${checked.files} files, each opened; ${seconds} s`,
  });
}

async function ownPostgres() {
  const programs = postgresPrograms();
  if (programs === null) throw new Error('There is no PostgreSQL on this machine.');
  return startPostgres(programs, true);
}
