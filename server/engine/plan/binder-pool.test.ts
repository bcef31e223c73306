import type { DuckDBConnection, DuckDBInstance, DuckDBPreparedStatement } from '@duckdb/node-api';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { openSandbox } from '../duckdb/sandbox.ts';
import { Binder, BINDING_MS } from './binder.ts';
import { BinderPool } from './binder-pool.ts';

let instance: DuckDBInstance;
beforeAll(async () => {
  instance = await openSandbox({ allowedDirectories: [], memoryLimit: '256MB', threads: 1 });
});
afterAll(() => instance.closeSync());
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

async function open(binders: number) {
  const connections = await Promise.all(Array.from({ length: binders }, () => instance.connect()));
  return { connections, pool: new BinderPool(connections.map((connection) => new Binder(connection))) };
}

/** Binds what DuckDB can't be stopped at; `end` lets it end. */
function endless(pool: BinderPool, connection: DuckDBConnection | undefined) {
  let end = () => {};
  const never = new Promise<DuckDBPreparedStatement>((_, reject) => {
    end = () => reject(new Error('{"exception_type":"Interrupt","exception_message":"Interrupted!"}'));
  });
  const begun = new Promise<void>((resolve) => {
    if (connection === undefined) return;
    vi.spyOn(connection, 'prepare').mockImplementationOnce(() => {
      resolve();
      return never;
    });
  });
  // What is expected of it is said later.
  const bound = pool.bind('SELECT 1 AS endless', []).catch((error: unknown) => error);
  return { bound, begun, end };
}

const names = async (pool: BinderPool, sql: string) =>
  (await pool.bind(sql, [])).columns.map(({ name }) => name);

it('binds queries beside one that can not be stopped, and gives that one up at its time', async () => {
  const { pool, connections } = await open(2);
  const { bound, begun, end } = endless(pool, connections[0]);
  await begun;
  expect(await names(pool, 'SELECT 1 AS a')).toEqual(['a']);
  await vi.advanceTimersByTimeAsync(BINDING_MS);
  expect(await bound).toMatchObject({ code: 'TIMEOUT', message: expect.stringContaining('15 s') });
  expect(await names(pool, 'SELECT 1 AS b')).toEqual(['b']);
  end();
  expect(await Promise.all(['c', 'd', 'e'].map((name) => names(pool, `SELECT 1 AS ${name}`)))).toEqual([
    ['c'],
    ['d'],
    ['e'],
  ]);
});

it('has another in the place of one that is given up and at it still, up to so many', async () => {
  const [first, second] = await Promise.all([instance.connect(), instance.connect()]);
  const pool = new BinderPool([new Binder(first)], { open: async () => new Binder(second), most: 1 });
  const one = endless(pool, first);
  await one.begun;
  const waiting = names(pool, 'SELECT 1 AS a');
  await vi.advanceTimersByTimeAsync(BINDING_MS);
  expect(await one.bound).toMatchObject({ code: 'TIMEOUT' });
  expect(await waiting).toEqual(['a']);
  const two = endless(pool, second);
  await two.begun;
  await vi.advanceTimersByTimeAsync(BINDING_MS);
  expect(await two.bound).toMatchObject({ code: 'TIMEOUT' });
  const last = names(pool, 'SELECT 1 AS b');
  one.end();
  expect(await last).toEqual(['b']);
  two.end();
});

it('lets a query wait for a binder that is busy, and not for ever', async () => {
  const { pool, connections } = await open(1);
  const first = endless(pool, connections[0]);
  await first.begun;
  const waited = names(pool, 'SELECT 1 AS a').catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(BINDING_MS);
  expect(await first.bound).toMatchObject({ code: 'TIMEOUT' });
  const patient = names(pool, 'SELECT 1 AS b');
  await vi.advanceTimersByTimeAsync(5000);
  expect(await waited).toMatchObject({ code: 'TIMEOUT', message: expect.stringContaining('busy') });
  first.end();
  expect(await patient).toEqual(['b']);
  expect(await names(pool, 'SELECT 1 AS c')).toEqual(['c']);
});
