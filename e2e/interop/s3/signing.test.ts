import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { FaultProxy } from '#server/storage/testing/fault-proxy.ts';
import { E2E_TOKEN } from '../../fixtures/server.ts';
import { ServerProcess } from '../../fixtures/server-process.ts';
import { ObjectStore, setting } from './object-store.ts';

const TIMEOUT_MS = 300_000;
/** Keys of the store, and where there might be some: the engines get none of it. */
const AWS = /^AWS_/;

let store: ObjectStore;
let proxy: FaultProxy;
let server: ServerProcess;
let folder: string;

beforeAll(async () => {
  store = await ObjectStore.start();
  proxy = await FaultProxy.open(store.endpoint);
  folder = await mkdtemp(join(setting('S3_WORK'), 'signing-'));
  server = new ServerProcess(join(folder, 'lakehouse'), ['--no-demo'], {
    WAREHOUSE: `s3://${store.bucket}/signed warehouse`,
    S3_ENDPOINT: proxy.url,
    AWS_ACCESS_KEY_ID: store.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: store.credentials.secretAccessKey,
  });
  await server.url();
});
afterAll(async () => {
  await server.stop('SIGKILL');
  await proxy.close();
  await store.stop();
  await rm(folder, { recursive: true, force: true });
});

/** The last line that an engine's script prints. */
async function ask(interpreter: string, script: string, ...more: readonly string[]): Promise<unknown> {
  const environment = Object.entries(process.env).filter(([name]) => !AWS.test(name));
  const { stdout } = await promisify(execFile)(
    interpreter,
    [join(import.meta.dirname, script), await server.url(), E2E_TOKEN, ...more],
    {
      timeout: TIMEOUT_MS,
      maxBuffer: 64 * 1024 * 1024,
      env: {
        ...Object.fromEntries(environment),
        PYTHONDONTWRITEBYTECODE: '1',
        // Its threads share one client of s3fs, from which each that opens a table takes the signer off for a moment:
        // now and then a request of another would go out unsigned.
        PYICEBERG_MAX_WORKERS: '1',
        // Nor what the machine has, or would be asked over the network for.
        AWS_EC2_METADATA_DISABLED: 'true',
        AWS_CONFIG_FILE: '/nonexistent',
        AWS_SHARED_CREDENTIALS_FILE: '/nonexistent',
      },
    },
  );
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as unknown;
}

async function query(sql: string): Promise<unknown> {
  const { body } = await server.post('/query', { sql, engine: 'server' });
  return (body as { rows?: unknown }).rows ?? body;
}

it(
  'PyIceberg without keys writes, reads, deletes and stages tables, and nothing outside of them',
  async () => {
    expect(await ask(setting('S3_PYICEBERG'), 'sign_pyiceberg.py')).toEqual({
      io: 'FsspecFileIO',
      events: [1, 3, 4],
      staged: [7],
      refused: [true, true, true, true],
    });
    expect(await query('SELECT count(*), sum(id) FROM signed.events')).toEqual([['3', '8']]);
    // The large file went in parts, each of them signed.
    expect(proxy.seen.some(({ url }) => url.includes('partNumber='))).toBe(true);
  },
  TIMEOUT_MS,
);

it(
  'Spark without keys writes and changes tables, and makes them of what it reads',
  async () => {
    expect(await ask(setting('S3_SPARK'), 'sign_spark.py', folder)).toEqual({
      events: [
        [1, 'a'],
        [2, 'z'],
      ],
      made: [[11], [21]],
    });
    expect(await query('SELECT id, name FROM spark.events ORDER BY id')).toEqual([
      ['1', 'a'],
      ['2', 'z'],
    ]);
    expect(await query('SELECT sum(more) FROM spark.made')).toEqual([['32']]);
  },
  TIMEOUT_MS,
);
