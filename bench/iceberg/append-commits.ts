import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openLakehouse } from '#server/lakehouse.ts';
import { readConfig } from '#server/config.ts';
import { appendRows } from '#server/services/tables/index.ts';
import { median, measure, ratioCase, timed, type BenchCase } from '../harness.ts';
import type { Peer } from './peer.ts';

const ROWS = 1000;
const SNAPSHOTS = 1000;
const WARM_UP = 30;
/** Commits whose median stands for a length of history. */
const WINDOW = 100;
const QUERY = `SELECT i AS id, 'name ' || i AS name, i / 7.0::DOUBLE AS amount FROM range(${ROWS}) t(i)`;

/**
 * One append after the other, each a durable commit: Parquet file, manifest, manifest list, metadata, catalog. First
 * against PyIceberg with its SQL catalog, in turn; then alone, until the table has a thousand snapshots.
 */
export async function appendCases(folder: string, peer: Peer): Promise<BenchCase[]> {
  const lakehouse = await openLakehouse(
    readConfig({ LAKEHOUSE_DIR: join(folder, 'lakehouse'), LOG_LEVEL: 'error' }, { demo: false }),
  );
  try {
    const append = () =>
      timed(() =>
        appendRows(lakehouse.ctx, {
          table: ['bench', 'rows'],
          query: QUERY,
          branch: 'main',
          message: 'Rows',
          createWith: {},
        }),
      );
    const theirs = join(folder, 'pyiceberg');
    await mkdir(theirs);
    await peer.ask('openTable', { folder: theirs, rows: ROWS });
    // Of a server that runs, not of one that has just started.
    for (let run = 0; run < WARM_UP; run += 1) {
      await append();
      await peer.ask('append');
    }
    const latency = await measure({
      name: 'append commit',
      work: `${ROWS} rows appended as one commit, ours synced to disk`,
      ours: append,
      peer: {
        name: 'PyIceberg append, SQL catalog',
        run: async () => (await peer.ask('append'))['ms'] ?? Number.NaN,
      },
      runs: 30,
      aim: 1 / 3,
      note: 'Ours is on disk, file by file, and in the log of a catalog with history, before it counts; PyIceberg syncs its SQLite and no file, and has its table loaded.',
    });
    const times: number[] = [];
    while (times.length < SNAPSHOTS) times.push(await append());
    const flatness = ratioCase({
      name: `append commit after ${SNAPSHOTS.toLocaleString('en')} snapshots`,
      work: `as above: the median of the last ${WINDOW} commits of a long history against that of the first`,
      unit: 'ms',
      ours: median(times.slice(-WINDOW)),
      peer: `the first ${WINDOW} commits`,
      peerValue: median(times.slice(0, WINDOW)),
      aim: 1.5,
    });
    return [latency, flatness];
  } finally {
    await lakehouse.close();
  }
}
