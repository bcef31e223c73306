import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { buildChildScript, startChild, type RunningChild } from './testing/child-script.ts';

const THREADS = fileURLToPath(new URL('../tools/threads.cjs', import.meta.url));
const TOKEN = 'a-token-of-this-test-only';
const ROUNDS = 20;
/** More than run at once. */
const HEAVY = 6;

let script: string;
let folder: string;
let server: RunningChild;
let url: string;

beforeAll(async () => {
  script = await buildChildScript(new URL('main.ts', import.meta.url));
  folder = await mkdtemp(join(tmpdir(), 'timestream-busy-'));
  const settings = [`TIMESTREAM_TOKEN=${TOKEN}`, 'ENGINE_MEMORY=512MB', 'ENGINE_THREADS=1'];
  // As npm start runs it.
  server = startChild(
    script,
    ['serve', '--port', '0', '--no-demo', '--lakehouse', join(folder, 'lakehouse')],
    ['env', '--unset=UV_THREADPOOL_SIZE', `NODE_OPTIONS=--require=${THREADS}`, ...settings],
  );
  for (let line = await server.line(); line !== null; line = await server.line()) {
    const printed = /(http:\/\/127\.0\.0\.1:\d+)\/\?token=/.exec(line)?.[1];
    if (printed === undefined) continue;
    url = printed;
    return;
  }
  throw new Error('The server ended before it printed its URL.');
}, 120_000);
afterAll(async () => {
  server.process.kill('SIGKILL');
  await server.ended;
  await rm(folder, { recursive: true, force: true });
  await rm(dirname(script), { recursive: true, force: true });
});

async function post(path: string, body: unknown, signal?: AbortSignal): Promise<unknown> {
  const response = await fetch(`${url}/api/v1${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
    ...(signal === undefined ? {} : { signal }),
  });
  expect(response.status).toBeLessThan(300);
  return response.json();
}

const plan = z.object({ scans: z.array(z.object({ files: z.array(z.object({ url: z.string() })) })) });

it('plans queries, sends files and answers light queries while as many heavy ones run as may', async () => {
  await post('/query', { sql: 'CREATE TABLE b.t AS SELECT i FROM range(1000) t(i)' });
  await post('/query', { sql: 'CREATE TABLE b.big AS SELECT i FROM range(2000000) t(i)' });
  const stop = new AbortController();
  const ended: unknown[] = [];
  const heavy = Array.from({ length: HEAVY }, async (_, n) => {
    const sql = `SELECT count(*) FROM b.big a JOIN b.big b ON a.i < b.i + ${n}`;
    await post('/query', { sql }, stop.signal).then(
      () => ended.push(n),
      (error: unknown) => stop.signal.aborted || ended.push(error),
    );
  });
  for (let round = 0; round < ROUNDS; round++) {
    const { scans } = plan.parse(await post('/plan', { sql: `SELECT i FROM b.t WHERE i > ${round}` }));
    const file = await fetch(new URL(scans[0]?.files[0]?.url ?? '', url), {
      headers: { authorization: `Bearer ${TOKEN}` },
    });
    expect(file.status).toBe(200);
    expect((await file.arrayBuffer()).byteLength).toBeGreaterThan(0);
    const light = { sql: `SELECT count(*)::INT FROM b.t WHERE i >= ${round}`, cache: false };
    expect(await post('/query', light)).toMatchObject({ rows: [[1000 - round]] });
  }
  expect(ended).toEqual([]);
  stop.abort();
  await Promise.all(heavy);
}, 120_000);
