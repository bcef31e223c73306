import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { acquireLakehouseLock } from './lakehouse-lock.ts';

let folder: string;
const url = 'http://127.0.0.1:4400';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'timestream-lock-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Writes the lock that a process like ours would have, with some of its facts changed. */
async function lockOf(change: Record<string, unknown>): Promise<void> {
  const lock = await acquireLakehouseLock(folder, { url });
  const text = await readFile(join(folder, 'lock'), 'utf8');
  await lock.release();
  await writeFile(join(folder, 'lock'), JSON.stringify({ ...(JSON.parse(text) as object), ...change }));
}

describe('the lock of a lakehouse', () => {
  it('refuses a second owner in a line that says who has it, and is free after a release', async () => {
    const lock = await acquireLakehouseLock(folder, { url });
    await expect(acquireLakehouseLock(folder, { url })).rejects.toMatchObject({
      code: 'ALREADY_RUNNING',
      message: expect.stringMatching(
        new RegExp(`process ${process.pid}, at http://127.0.0.1:4400`),
      ) as string,
    });
    await lock.release();
    expect(await readdir(folder)).toEqual([]);
    await (await acquireLakehouseLock(folder, { url })).release();
  });

  it('is taken over from an owner that was killed', async () => {
    const child = spawn('sleep', ['1000']);
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('exit', resolve));
    await lockOf({ pid: child.pid });
    await (await acquireLakehouseLock(folder, { url })).release();
  });

  it('is taken over where another program got the pid', async () => {
    await lockOf({ startedAt: 'another time' });
    await (await acquireLakehouseLock(folder, { url })).release();
  });

  it('holds for an owner elsewhere as long as its heart beats', async () => {
    await lockOf({ realm: 'another machine' });
    await expect(acquireLakehouseLock(folder, { url })).rejects.toMatchObject({ code: 'ALREADY_RUNNING' });
    const longAgo = new Date(Date.now() - 3_600_000);
    await utimes(join(folder, 'lock'), longAgo, longAgo);
    await (await acquireLakehouseLock(folder, { url })).release();
  });

  it('is taken over where the file is torn', async () => {
    await writeFile(join(folder, 'lock'), '{"pid": 1');
    await (await acquireLakehouseLock(folder, { url })).release();
  });

  it('goes to one of many that find it stale', async () => {
    for (let round = 0; round < 5; round++) {
      await lockOf({ startedAt: 'another time' });
      const outcomes = await Promise.allSettled(
        Array.from({ length: 12 }, () => acquireLakehouseLock(folder, { url })),
      );
      const owners = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
      expect(owners).toHaveLength(1);
      await owners[0]?.release();
    }
  });
});
