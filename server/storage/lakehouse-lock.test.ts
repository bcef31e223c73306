import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setInterval } from 'node:timers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildChildScript, startChild } from '#server/testing/child-script.ts';
import { acquireLakehouseLock } from './lakehouse-lock.ts';

let folder: string;
const url = 'http://127.0.0.1:4400';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'timestream-lock-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const acquire = (silenceMs = 50) => acquireLakehouseLock(folder, { url, silenceMs });

async function newestClaim(): Promise<string> {
  const numbers = (await readdir(join(folder, 'owner'))).map(Number);
  return join(folder, 'owner', String(Math.max(...numbers)));
}

/** Leaves the claim that a process like ours would have, with some of its facts changed. */
async function leaveClaim(change: Record<string, unknown>): Promise<void> {
  await (await acquire()).release();
  const path = await newestClaim();
  const own = JSON.parse(await readFile(path, 'utf8')) as object;
  await writeFile(path, JSON.stringify({ ...own, released: false, ...change }));
}

describe('the lock of a lakehouse', () => {
  it('refuses a second owner in a line that says who has it, and is free after a release', async () => {
    const lock = await acquire();
    await expect(acquire()).rejects.toMatchObject({
      code: 'ALREADY_RUNNING',
      message: expect.stringContaining(`process ${process.pid}, at http://127.0.0.1:4400`) as string,
      context: { pid: process.pid, url },
    });
    await lock.release();
    await (await acquire()).release();
  });

  it('leaves a few small files, however often it changes hands', async () => {
    for (let round = 0; round < 30; round++) await (await acquire()).release();
    expect((await readdir(join(folder, 'owner'))).length).toBeLessThan(12);
  });

  it('is taken over where another program got the pid', async () => {
    await leaveClaim({ startedAt: 'another time' });
    await (await acquire()).release();
  });

  it('is taken over where the claim is torn', async () => {
    await leaveClaim({});
    await writeFile(await newestClaim(), '{"pid": 1');
    await (await acquire()).release();
  });

  it('holds for an owner elsewhere as long as its heart beats', async () => {
    await leaveClaim({ realm: 'another machine' });
    const path = await newestClaim();
    let beat = 1;
    const heart = setInterval(() => void utimes(path, beat, beat++), 20);
    await expect(acquire(500)).rejects.toMatchObject({ code: 'ALREADY_RUNNING' });
    clearInterval(heart);
    await new Promise((resolve) => setTimeout(resolve, 50));
    await (await acquire()).release();
  });

  it('minds a release after the folder is gone no more than any other', async () => {
    const lock = await acquire();
    await rm(folder, { recursive: true });
    await lock.release();
    await mkdir(folder);
  });

  it('goes to one of many in this process that find it stale', async () => {
    for (let round = 0; round < 10; round++) {
      await leaveClaim({ startedAt: 'another time' });
      const outcomes = await Promise.allSettled(Array.from({ length: 12 }, () => acquire()));
      const owners = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
      expect(owners).toHaveLength(1);
      await owners[0]?.release();
    }
  });
});

describe('the lock of a lakehouse among processes', () => {
  let script: string;
  beforeAll(async () => {
    script = await buildChildScript(new URL('./testing/lock-child.ts', import.meta.url));
  });
  afterAll(() => rm(dirname(script), { recursive: true, force: true }));

  it('keeps others out while its owner lives, and is free once that was killed', async () => {
    const owner = startChild(script, [folder]);
    expect(await owner.line()).toBe('held');
    await expect(acquire()).rejects.toMatchObject({
      code: 'ALREADY_RUNNING',
      context: { pid: owner.process.pid, url: `http://child-${owner.process.pid}` },
    });
    const late = startChild(script, [folder]);
    expect(await late.line()).toBe('ALREADY_RUNNING');
    owner.process.kill('SIGKILL');
    expect(await owner.ended).toBe('SIGKILL');
    await (await acquire()).release();
  });

  it('goes to exactly one of several that start at once over a killed owner', async () => {
    for (let round = 0; round < 3; round++) {
      const victim = startChild(script, [folder]);
      expect(await victim.line()).toBe('held');
      victim.process.kill('SIGKILL');
      await once(victim.process, 'exit');

      const startAt = String(Date.now() + 600);
      const starters = Array.from({ length: 5 }, () => startChild(script, [folder, startAt]));
      const outcomes = await Promise.all(starters.map((starter) => starter.line()));
      expect(outcomes.filter((outcome) => outcome === 'held')).toHaveLength(1);
      expect(outcomes.filter((outcome) => outcome === 'ALREADY_RUNNING')).toHaveLength(4);
      for (const starter of starters) starter.process.kill('SIGKILL');
      await Promise.all(starters.map((starter) => starter.ended));
    }
  });
});
