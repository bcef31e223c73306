import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildChildScript } from './testing/child-script.ts';
import { killLoop } from './testing/kill-loop.ts';

/** A few of what `npm run bench -- faults` does by the hundred. */
const KILLS = 3;

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

it('what was acknowledged before a kill is there, in order, nothing is by halves, and everything is whole', async () => {
  const result = await killLoop({ script, folder, kills: KILLS });
  expect(result).toMatchObject({ kills: KILLS, fsck: { clean: true, deep: true } });
  expect(result.acknowledged).toBeGreaterThan(0);
  expect(result.commits).toBeGreaterThan(0);
}, 180_000);
