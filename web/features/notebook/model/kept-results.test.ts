// @vitest-environment node
import { tableFromArrays, tableToIPC } from 'apache-arrow';
import { expect, it } from 'vitest';
import type { Plan } from '#shared/contract/plan.ts';
import type { RunOutcome } from '#web/duckdb/types.ts';
import { collectArrow } from '#web/lib/arrow-result-table.ts';
import { MemoryRecords } from '#web/lib/testing/memory-records.ts';
import { KeptResults } from './kept-results.ts';
import type { Answer } from './run-store.ts';

const COLUMNS = [{ name: 'n', type: 'INTEGER' }];
const PLAN: Plan = {
  id: 'p',
  sql: 'SELECT n FROM scan_0',
  ref: { name: 'main', hash: 'abcdef12' },
  scans: [
    {
      view: 'scan_0',
      table: 'bronze.flights',
      snapshotId: '9007199254740993',
      columns: [],
      files: [{ url: '/files/a', bytes: 10, rows: 5, columns: [{ name: 'n', bytes: 3 }] }],
      filesKnown: 2,
      pruning: ['n > 3: 1 of 2 files'],
    },
  ],
  columns: COLUMNS,
  bytes: 10,
  engine: { choice: 'browser', reason: 'Small.', browserCapable: true },
};

async function answer(values: readonly number[], at = 1000): Promise<Answer> {
  const bytes = tableToIPC(tableFromArrays({ n: Int32Array.from(values) }));
  const pieces = async function* () {
    yield bytes;
  };
  const { table } = await collectArrow(COLUMNS, pieces(), { maxRows: 1e6 });
  const outcome: RunOutcome = {
    request: { sql: 'SELECT n FROM flights', ref: 'main', preference: 'auto', maxRows: 1e6 },
    table,
    truncated: false,
    plan: PLAN,
    engine: { used: 'browser', reason: 'It is here.' },
    timings: { plan: 1, load: 2, run: 3, total: 6 },
  };
  return { outcome, sql: 'SELECT n FROM daily', ref: 'main', at, signature: '[["x","main"]]' };
}
const upTo = (count: number) => Array.from({ length: count }, (_, at) => at);
const whole = false;

it('has the last answer of a cell at the next visit, with what it was read from', async () => {
  const records = new MemoryRecords();
  const results = new KeptResults(records);
  results.keep('n', { cell: 'a', answer: await answer([1]), whole });
  results.keep('n', { cell: 'a', answer: await answer([7, 8, 9]), whole });
  results.keep('other', { cell: 'a', answer: await answer([2]), whole });
  await results.settled();

  const [kept, ...more] = await new KeptResults(records).read('n');
  expect(more).toEqual([]);
  expect(kept).toMatchObject({
    cell: 'a',
    answer: {
      sql: 'SELECT n FROM daily',
      ref: 'main',
      at: 1000,
      signature: '[["x","main"]]',
      kept: { rows: 3 },
      outcome: {
        request: { sql: 'SELECT n FROM flights', ref: 'main', maxRows: 1e6 },
        truncated: false,
        engine: { used: 'browser' },
        timings: { total: 6 },
        plan: {
          id: 'p',
          ref: PLAN.ref,
          bytes: 10,
          scans: [{ snapshotId: '9007199254740993', filesKnown: 2 }],
        },
      },
    },
  });
  const { outcome } = kept?.answer ?? {};
  if (outcome === undefined || !('table' in outcome)) throw new Error('It has no rows.');
  expect(upTo(3).map((row) => outcome.table.value(row, 0))).toEqual([7, 8, 9]);
});

it('keeps the first rows of a long answer, and says how many there were; none of what is only true as a whole', async () => {
  const results = new KeptResults(new MemoryRecords());
  const long = await answer(upTo(25_000));
  results.keep('n', { cell: 'rows', answer: long, whole: false });
  results.keep('n', { cell: 'pivot', answer: long, whole: true });
  const kept = await results.read('n');
  expect(kept.map(({ cell }) => cell)).toEqual(['rows']);
  const first = kept[0]?.answer;
  expect(first?.kept).toEqual({ rows: 25_000 });
  expect(first?.outcome).toMatchObject({ truncated: true, table: { rowCount: 10_000 } });
});

it('forgets what is asked to be forgotten, and what came longest ago where all would be too much', async () => {
  const records = new MemoryRecords();
  const results = new KeptResults(records);
  results.keep('n', { cell: 'gone', answer: await answer([1]), whole });
  results.keep('n', { cell: 'old', answer: await answer([1], 1), whole });
  await results.settled();
  results.forget('n', 'gone');
  expect((await results.read('n')).map(({ cell }) => cell)).toEqual(['old']);

  await records.put('result-size/m/huge', { name: 'm/huge', at: 2000, bytes: 48 * 1024 ** 2 - 60_000 });
  results.keep('n', { cell: 'new', answer: await answer(upTo(9000), 3000), whole });
  await results.settled();
  results.keep('n', { cell: 'newer', answer: await answer(upTo(9000), 4000), whole });
  expect((await results.read('n')).map(({ cell }) => cell).toSorted()).toEqual(['new', 'newer']);
  expect(records.values.has('result-size/m/huge')).toBe(false);

  await results.drop('n');
  expect([...records.values.keys()]).toEqual([]);
});

it('has nothing where the browser keeps nothing, or what it kept is of another shape', async () => {
  const records = new MemoryRecords();
  const results = new KeptResults(records);
  await records.put('result/n/a', { cell: 'a', rows: 'many' });
  expect(await results.read('n')).toEqual([]);
  records.fails = true;
  results.keep('n', { cell: 'a', answer: await answer([1]), whole });
  expect(await results.read('n')).toEqual([]);
  await results.drop('n');
});
