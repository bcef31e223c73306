import { describe, expect, it } from 'vitest';
import { cellSql, isOfFirstRow } from './cell-sql.ts';

const metric = { id: 'm', kind: 'metric', relation: 'bronze.flights' } as const;

describe('the SQL of a metric', () => {
  it.each([
    [{}, 'SELECT * FROM "bronze"."flights" LIMIT 2'],
    [{ column: 'delay' }, 'SELECT "delay" FROM "bronze"."flights" LIMIT 2'],
    [{ column: 'delay', against: 'distance' }, 'SELECT "delay", "distance" FROM "bronze"."flights" LIMIT 2'],
    [{ aggregate: 'count' }, 'SELECT count(*) AS "rows" FROM "bronze"."flights"'],
    [
      { column: 'delay', against: 'distance', aggregate: 'avg' },
      'SELECT avg("delay") AS "delay", avg("distance") AS "distance" FROM "bronze"."flights"',
    ],
    [
      { column: 'origin', aggregate: 'count-distinct' },
      'SELECT count(DISTINCT "origin") AS "origin" FROM "bronze"."flights"',
    ],
    // What can't be added up is not read as a whole.
    [{ aggregate: 'sum' }, 'SELECT * FROM "bronze"."flights" LIMIT 2'],
  ] as const)('of %j', (part, sql) => {
    const cell = { ...metric, ...part };
    expect(cellSql(cell)).toBe(sql);
    expect(isOfFirstRow(cell)).toBe(sql.endsWith('LIMIT 2'));
  });
});
