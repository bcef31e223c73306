// @vitest-environment node
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Plan } from '#shared/contract/plan.ts';
import { MemoryRecords } from '#web/lib/testing/memory-records.ts';
import { LastPlans } from './last-plans.ts';
import type { RunRequest } from './types.ts';

const planOf = (changes: Partial<Plan> = {}): Plan => ({
  id: 'p',
  sql: 'SELECT 1',
  ref: { name: 'main', hash: 'ab' },
  scans: [],
  columns: [],
  bytes: 0,
  engine: { choice: 'server', reason: 'You chose the server.', browserCapable: true },
  ...changes,
});
const ask = (sql: string): RunRequest => ({ sql, ref: 'main', preference: 'auto' });

let records: MemoryRecords;
beforeEach(() => void (records = new MemoryRecords()));
afterEach(() => void vi.useRealTimers());

it('has the plans of an earlier visit, and says of when they are', async () => {
  vi.useFakeTimers({ now: new Date(2026, 4, 3, 9, 7), toFake: ['Date'] });
  new LastPlans(records).remember(ask('SELECT 1'), [], planOf());
  await vi.waitFor(() => expect(records.values.size).toBe(1));
  vi.setSystemTime(new Date(2026, 4, 10, 8, 0));
  expect(await new LastPlans(records).recall(ask('SELECT 1'), [])).toEqual(
    planOf({
      engine: {
        choice: 'browser',
        reason: 'It runs as it was planned on 3 May 2026 at 09:07: the server is away.',
        browserCapable: true,
      },
    }),
  );
  expect(await new LastPlans(records).recall(ask('SELECT 2'), [])).toBeNull();
});

it('is of the files of the tab that the query names, whatever others there are', async () => {
  const [sales, people] = ['Sales', 'people'].map((name) => ({
    name,
    columns: [{ name: 'a', type: 'INTEGER' }],
  }));
  if (!sales || !people) throw new Error('no relations');
  const plans = new LastPlans();
  plans.remember(ask('FROM sales'), [sales], planOf());
  expect(await plans.recall(ask('FROM sales'), [people, sales])).not.toBeNull();
  expect(await plans.recall(ask('FROM sales'), [people])).toBeNull();
  const other = { ...sales, columns: [{ name: 'a', type: 'VARCHAR' }] };
  expect(await plans.recall(ask('FROM sales'), [other])).toBeNull();
});

it('keeps a number of them, none that is huge, and none that can’t run in a tab', async () => {
  vi.useFakeTimers({ now: 1, toFake: ['Date'] });
  const plans = new LastPlans(records);
  const elsewhere = { choice: 'server', reason: 'json', browserCapable: false } as const;
  plans.remember(ask('elsewhere'), [], planOf({ engine: elsewhere }));
  for (let n = 1; n <= 251; n += 1) {
    vi.setSystemTime(n);
    plans.remember(ask(`SELECT ${n}`), [], planOf());
  }
  plans.remember(ask('huge'), [], planOf({ sql: 'x'.repeat(300_000) }));
  const later = new LastPlans(records);
  // Each waits for what this page keeps before it.
  expect(await plans.recall(ask('none'), [])).toBeNull();
  expect(records.values.size).toBe(200);
  for (const sql of ['elsewhere', 'huge', 'SELECT 51'])
    expect([sql, await later.recall(ask(sql), [])]).toEqual([sql, null]);
  expect(await later.recall(ask('SELECT 52'), [])).not.toBeNull();
  expect(await plans.recall(ask('huge'), [])).not.toBeNull();
});

it('forgets all of them, also what is being kept, and what another version kept', async () => {
  records.values.set('plan/old', { key: 'old', at: 1, plan: 'of another shape' });
  records.values.set('answer/x', { name: 'x' });
  const plans = new LastPlans(records);
  plans.remember(ask('SELECT 1'), [], planOf());
  await plans.clear();
  expect([...records.values.keys()]).toEqual(['answer/x']);
  expect(await plans.recall(ask('SELECT 1'), [])).toBeNull();
});

it('has those of this visit in a browser that keeps nothing', async () => {
  records.fails = true;
  const plans = new LastPlans(records);
  plans.remember(ask('SELECT 1'), [], planOf());
  expect(await plans.recall(ask('SELECT 1'), [])).not.toBeNull();
  expect(await plans.recall(ask('SELECT 2'), [])).toBeNull();
  await plans.clear();
  expect(await plans.recall(ask('SELECT 1'), [])).toBeNull();
});
