import { describe, expect, it, vi } from 'vitest';
import type { RecordedRun } from '#shared/contract/query-runs.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { MemoryRecords } from '#web/lib/testing/memory-records.ts';
import { RunLog } from './run-log.ts';

const away = new AppError('UNAVAILABLE', 'The server can’t be reached.');

function run(sql: string): RecordedRun {
  const at = '2026-05-01T00:00:00.000Z';
  return { id: crypto.randomUUID(), at, sql, ref: 'main', snapshots: [], state: 'done', elapsedMs: 1 };
}

function open(records: MemoryRecords, send: (runs: readonly RecordedRun[]) => Promise<void>) {
  // Only what a test asks for is sent.
  return new RunLog({ records, send, gatherMs: 1e9 });
}

const waiting = (records: MemoryRecords) =>
  [...records.values.keys()].filter((name) => name.startsWith('run/')).length;

describe('RunLog', () => {
  it('tells in one request what ran, and then keeps it only to be looked at', async () => {
    const records = new MemoryRecords();
    const send = vi.fn(async () => undefined);
    const log = open(records, send);
    log.record(run('SELECT 1'));
    log.record(run('SELECT 2'));
    await log.flush();
    expect(send.mock.calls).toMatchObject([[[{ sql: 'SELECT 1' }, { sql: 'SELECT 2' }]]]);
    const later = open(records, () => Promise.reject(away));
    expect((await later.own()).map(({ sql }) => sql)).toEqual(['SELECT 1', 'SELECT 2']);
    await vi.waitFor(() => expect(waiting(records)).toBe(0));
  });

  it('a page after this one tells what the server could not hear', async () => {
    const records = new MemoryRecords();
    const first = open(records, () => Promise.reject(away));
    first.record(run('SELECT offline'));
    await first.flush();
    expect(first.waiting).toBe(1);
    const told: string[] = [];
    const second = open(records, async (runs) => void told.push(...runs.map(({ sql }) => sql)));
    await second.resume();
    expect(told).toEqual(['SELECT offline']);
    expect(second.waiting).toBe(0);
    await vi.waitFor(() => expect(waiting(records)).toBe(0));
  });

  it('gives up what the server will never take, and tells the rest', async () => {
    const told: string[] = [];
    const log = open(new MemoryRecords(), async (runs) => {
      if (runs.some(({ sql }) => sql === 'bad')) throw new AppError('INVALID_INPUT', 'No.');
      told.push(...runs.map(({ sql }) => sql));
    });
    for (const sql of ['a', 'bad', 'b']) log.record(run(sql));
    await log.flush();
    expect(told).toEqual(['a', 'b']);
    expect(log.waiting).toBe(0);
  });

  it('sends long SQL in requests of its own, and works where the browser keeps nothing', async () => {
    const records = new MemoryRecords();
    records.fails = true;
    const sizes: number[] = [];
    const log = open(records, async (runs) => void sizes.push(runs.length));
    for (const letter of ['a', 'b', 'c']) log.record(run(letter.repeat(900_000)));
    for (let index = 0; index < 150; index += 1) log.record(run(`SELECT ${index}`));
    await log.resume();
    expect(sizes).toEqual([2, 100, 51]);
  });
});
