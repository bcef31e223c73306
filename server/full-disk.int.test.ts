import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { errorBody } from '#shared/contract/common.ts';
import { jobList } from '#shared/contract/jobs.ts';
import { notebookList } from '#shared/contract/notebooks.ts';
import { queryResult } from '#shared/contract/query.ts';
import { logPage, refList } from '#shared/contract/refs.ts';
import { buildChildScript } from './testing/child-script.ts';
import { openSmallDisk, type SmallDisk } from './testing/small-disk.ts';

const small = await openSmallDisk(256);
const STEPS = 13;
let script: string;
beforeAll(async () => {
  script = await buildChildScript(new URL('./main.ts', import.meta.url));
});
afterAll(async () => {
  if (typeof small !== 'string') await small.close();
  await rm(dirname(script), { recursive: true, force: true });
});

/** The real program on the small disk. */
class Server {
  output = '';
  readonly #process: ChildProcess;
  readonly #ended: Promise<unknown>;

  constructor(disk: SmallDisk) {
    const words = [...disk.via, process.execPath, script, 'serve', '--port', '0'];
    const [command, ...rest] = [...words, '--lakehouse', join(disk.directory, 'lakehouse')];
    this.#process = spawn(command, rest, { env: { ...process.env, LOG_LEVEL: 'silent' } });
    this.#ended = once(this.#process, 'close');
    for (const stream of [this.#process.stdout, this.#process.stderr])
      stream?.on('data', (data: Buffer) => (this.output += data.toString()));
  }

  async end(signal?: NodeJS.Signals): Promise<number | null> {
    if (signal !== undefined) this.#process.kill(signal);
    await this.#ended;
    return this.#process.exitCode;
  }

  async ask(path: string, body?: unknown): Promise<{ readonly status: number; readonly body: unknown }> {
    const started = () => /(http:\S+)\/\?token=(\S+)/.exec(this.output);
    while (started() === null) {
      if (this.#process.exitCode !== null) throw new Error(`It ended: ${this.output}`);
      await sleep(20);
    }
    const [, url, token] = started() ?? [];
    const answer = await fetch(`${url}/api/v1${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: answer.status, body: await answer.json() };
  }

  async steps(): Promise<string[]> {
    const { entries } = logPage.parse((await this.ask('/refs/main/log')).body);
    return entries.map(({ properties }) => properties['timestream.demo-step'] ?? '');
  }

  async demo() {
    return jobList.parse((await this.ask('/jobs')).body).jobs.find(({ kind }) => kind === 'demo-load');
  }

  /** Everything that answers from what is stored. */
  async read() {
    const counted = await this.ask('/query', { sql: 'SELECT count(*), count(delay) FROM bronze.flights' });
    return {
      rows: queryResult.parse(counted.body).rows,
      refs: refList.parse((await this.ask('/refs')).body).refs.map(({ name, hash }) => ({ name, hash })),
      notebooks: notebookList
        .parse((await this.ask('/notebooks')).body)
        .notebooks.map(({ title }) => title)
        .sort(),
    };
  }
}

const full = (answer: { status: number; body: unknown }) => {
  expect(answer.status).toBe(507);
  const { error } = errorBody.parse(answer.body);
  expect(error).toMatchObject({ code: 'STORAGE_FULL', retryable: true });
  expect(error.message).toMatch(/full.*free some space and try again/i);
};
const note = (title: string) => ({ title, cells: [] });

it('a server on a full disk says so, loses nothing that it said it has, goes on reading, and writes again once there is room', async (test) => {
  if (typeof small === 'string') return test.skip(small);
  let server = new Server(small);
  try {
    expect((await server.ask('/notebooks', note('before'))).status).toBe(200);
    // Once rows are there, in the middle of the load.
    while ((await server.steps()).length === 0) await sleep(20);
    await small.leave(20);
    let demo = await server.demo();
    for (; demo?.state === 'running'; demo = await server.demo()) await sleep(50);
    expect(demo).toMatchObject({ state: 'failed', error: expect.stringMatching(/full/) as string });
    const landed = (await server.steps()).length;
    expect(landed).toBeGreaterThan(0);
    expect(landed).toBeLessThan(STEPS);

    const before = await server.read();
    expect(before.rows[0]?.[0]).not.toBe('0');
    for (const room of [20, 0]) {
      await small.leave(room);
      full(await server.ask('/notebooks', note('refused')));
      full(await server.ask('/refs', { name: 'refused' }));
      expect(await server.read()).toEqual(before);
    }

    await small.leave(150);
    expect((await server.ask('/notebooks', note('after'))).status).toBe(200);
    expect((await server.ask('/refs', { name: 'after' })).status).toBe(200);
    const acknowledged = await server.read();
    expect(acknowledged.notebooks).toEqual(expect.arrayContaining(['before', 'after']));
    expect(acknowledged.notebooks).not.toContain('refused');

    await small.leave(0);
    await server.end('SIGKILL');
    server = new Server(small);
    expect(await server.end()).toBe(1);
    expect(server.output.trim().split('\n').slice(1)).toEqual([
      expect.stringMatching(/full.*[Ff]ree some space/),
    ]);

    await small.leave(150);
    server = new Server(small);
    expect((await server.read()).refs).toContainEqual(acknowledged.refs.find(({ name }) => name === 'after'));
    expect((await server.read()).notebooks).toEqual(acknowledged.notebooks);
    while ((await server.steps()).length < STEPS) {
      expect((await server.demo())?.state).not.toBe('failed');
      await sleep(50);
    }
    expect(new Set(await server.steps()).size).toBe(STEPS);
    expect((await server.read()).rows[0]?.[0]).toBe('3000000');
  } finally {
    await server.end('SIGTERM');
  }
}, 240_000);
