import { afterAll, beforeAll, expect, it } from 'vitest';
import type { PlannedQuery } from '../plan/plan-query.ts';
import { ClusterPlanner } from './cluster-planner.ts';

let planner: ClusterPlanner;
beforeAll(async () => {
  planner = await ClusterPlanner.open('lake');
});
afterAll(() => planner.close());

/** A query over a table with an integer `n` and a text `s`, which nothing was written to. */
async function translate(sql: string) {
  const columns = [
    { name: 'n', sqlType: 'INTEGER', fieldId: 1 },
    { name: 's', sqlType: 'VARCHAR', fieldId: 2 },
  ];
  const source = {
    table: { name: 'lab.t', commit: 'c1', metadata: { formatVersion: 2 } },
    scan: { view: 'scan_1', table: 'lab.t', columns },
    fields: [],
  };
  return planner.translate({ plan: { sql }, sources: [source] } as unknown as PlannedQuery);
}

it.each([
  ["(1, 'a')", false],
  ["[(1, 'a')]", false],
  ["{o: (1, 'a')}", false],
  ["{a: 1, b: 'a'}", true],
  ["[{a: 1, b: 'a'}]", true],
])('translates a query that gives %s: %s', async (item, isTranslated) => {
  const found = await translate(`SELECT n, ${item} AS v FROM scan_1`);
  expect(found).toEqual(
    isTranslated ? { sql: expect.any(String) } : { refused: expect.stringContaining('without names') },
  );
});
