import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readConfig } from './config.ts';
import { openLakehouse } from './lakehouse.ts';
import { fsck } from './services/fsck/index.ts';
import { buildChildScript, startChild } from './testing/child-script.ts';

/** More for a longer run: KILLS=200. */
const KILLS = Number(process.env['KILLS'] ?? 2);

let script: string;
let folder: string;
beforeAll(async () => {
  script = await buildChildScript(new URL('testing/write-load-child.ts', import.meta.url));
  folder = await mkdtemp(join(tmpdir(), 'timestream-killed-'));
}, 120_000);
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await rm(dirname(script), { recursive: true, force: true });
});

it(
  'what was acknowledged before a kill is in the log, in order, and everything is whole',
  async () => {
    /** By writer, in the order in which it was told so. */
    const acknowledged = new Map<string, string[]>();
    for (let kill = 0; kill < KILLS; kill += 1) {
      const child = startChild(script, [folder]);
      const read = async () => {
        for (let line = await child.line(); line !== null; line = await child.line()) {
          const [writer = '', hash = ''] = line.split(' ');
          if (hash === 'none') continue;
          expect(line).toMatch(/^\d [0-9a-f]{64}$/);
          acknowledged.set(writer, [...(acknowledged.get(writer) ?? []), hash]);
          started();
        }
      };
      let started: () => void = () => undefined;
      const begun = new Promise<void>((resolve) => {
        started = resolve;
      });
      const reading = read();
      try {
        await Promise.race([begun, reading]);
        await sleep(Math.random() * 1500);
      } finally {
        child.process.kill('SIGKILL');
      }
      await reading;
      expect(await child.ended).toBe('SIGKILL');
    }
    const environment = { LAKEHOUSE_DIR: folder, ENGINE_MEMORY: '512MB', ENGINE_THREADS: '1' };
    const lakehouse = await openLakehouse(readConfig(environment, {}));
    const { ctx } = lakehouse;
    try {
      const { hash } = await ctx.catalog.getRef('main');
      const { commits } = await ctx.catalog.log(hash, { limit: 1_000_000 });
      const places = new Map([...commits].reverse().map((commit, index) => [commit.hash, index]));
      expect(acknowledged.size).toBeGreaterThan(0);
      for (const hashes of acknowledged.values()) {
        const found = hashes.map((one) => places.get(one) ?? -1);
        expect(found).not.toContain(-1);
        expect(found).toEqual([...found].sort((a, b) => a - b));
      }
      expect(await fsck(ctx, { deep: true })).toMatchObject({ clean: true, faults: [] });
    } finally {
      await lakehouse.close();
    }
  },
  60_000 + KILLS * 20_000,
);
