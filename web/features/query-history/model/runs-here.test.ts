import { expect, it } from 'vitest';
import type { QueryRun, RecordedRun } from '#shared/contract/query-runs.ts';
import { runsHere } from './runs-here.ts';

function run(id: string, minute: number, more: Partial<RecordedRun> = {}): RecordedRun {
  const at = `2026-05-01T00:0${minute}:00.000Z`;
  return { id, at, sql: `SELECT '${id}'`, ref: 'main', snapshots: [], state: 'done', elapsedMs: 1, ...more };
}
const told: QueryRun[] = [
  { ...run('theirs', 3), author: 'bo' },
  { ...run('both', 1), author: 'ada' },
];
const here = [
  run('late', 4, { state: 'failed', error: 'No such Table', engine: 'browser' }),
  run('both', 1),
  run('early', 0),
];
const NOTHING = { q: undefined, state: undefined, engine: undefined, since: undefined };

it('is what the server told last and what this browser ran, each once, newest first', () => {
  const runs = runsHere({ told, here, author: 'ada' }, NOTHING);
  expect(runs.map(({ id, author }) => [id, author])).toEqual([
    ['late', 'ada'],
    ['theirs', 'bo'],
    ['both', 'ada'],
    ['early', 'ada'],
  ]);
});

it('is looked through as the server does it', () => {
  const ids = (filter: object) =>
    runsHere({ told, here, author: 'ada' }, { ...NOTHING, ...filter }).map(({ id }) => id);
  expect(ids({ q: ' select  TABLE ' })).toEqual(['late']);
  expect(ids({ q: 'early' })).toEqual(['early']);
  expect(ids({ state: 'failed' })).toEqual(['late']);
  expect(ids({ engine: 'browser' })).toEqual(['late']);
  expect(ids({ since: '2026-05-01T00:03:00.000Z' })).toEqual(['late', 'theirs']);
});
