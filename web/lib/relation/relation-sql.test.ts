import { describe, expect, it } from 'vitest';
import { canBeAsked, fromRelation, nextSort, operatorsOf, viewSql, type Relation } from './relation-sql.ts';

const relation: Relation = {
  sql: 'SELECT a.id, b.id, "the name" FROM a JOIN b USING (k) -- both\n;',
  columns: [
    { name: 'id', type: 'BIGINT' },
    { name: 'id', type: 'DATE' },
    { name: 'the "name"', type: 'VARCHAR' },
  ],
};

describe('viewSql', () => {
  it('names columns by place, so that two of one name stay two, and drops what ends the statement', () => {
    expect(viewSql(relation, { sort: [{ column: 1, direction: 'desc' }], filters: [] })).toBe(
      'SELECT c0 AS "id", c1 AS "id", c2 AS "the ""name"""\n' +
        'FROM (\nSELECT a.id, b.id, "the name" FROM a JOIN b USING (k)\n) AS result(c0, c1, c2)\n' +
        'ORDER BY c1 DESC NULLS LAST',
    );
  });

  it('compares in the column’s own type, and quotes what was typed', () => {
    const sql = viewSql(relation, {
      sort: [],
      filters: [
        { column: 1, operator: 'at-least', value: '2001-02-03' },
        { column: 2, operator: 'contains', value: "O'Hare" },
        { column: 0, operator: 'is-null', value: '' },
        { column: 2, operator: 'differs', value: '' },
        // As the grid writes a number, and a text that looks like one.
        { column: 0, operator: 'less', value: '1,234,567' },
        { column: 2, operator: 'equals', value: '1,000' },
      ],
    });
    expect(sql.split('WHERE ')[1]).toBe(
      "c1 >= CAST('2001-02-03' AS DATE) AND contains(lower(CAST(c2 AS VARCHAR)), lower('O''Hare')) AND c0 IS NULL AND c2 IS DISTINCT FROM '' AND c0 < CAST('1234567' AS BIGINT) AND c2 = '1,000'",
    );
  });
});

it('goes from ascending to descending to none, alone or beside others', () => {
  const asc = nextSort([], 2, false);
  expect(asc).toEqual([{ column: 2, direction: 'asc' }]);
  expect(nextSort(asc, 2, false)).toEqual([{ column: 2, direction: 'desc' }]);
  expect(nextSort([{ column: 2, direction: 'desc' }], 2, false)).toEqual([]);
  const two = nextSort(asc, 0, true);
  expect(two.map(({ column }) => column)).toEqual([2, 0]);
  // The first key stays the first while its direction turns.
  expect(nextSort(two, 2, true)).toEqual([
    { column: 2, direction: 'desc' },
    { column: 0, direction: 'asc' },
  ]);
  expect(nextSort(two, 1, false)).toEqual([{ column: 1, direction: 'asc' }]);
});

it('knows what is no relation, and what a type can be asked', () => {
  expect(canBeAsked({ sql: 'SHOW TABLES', columns: relation.columns })).toBe(false);
  expect(canBeAsked({ sql: '-- show\nFROM t', columns: relation.columns })).toBe(true);
  expect(operatorsOf({ name: 'm', type: 'MAP(VARCHAR, INTEGER)' })).toEqual([
    'contains',
    'is-null',
    'not-null',
  ]);
  expect(operatorsOf({ name: 'd', type: 'DATE' })).not.toContain('contains');
  expect(fromRelation({ sql: 'FROM t', columns: [{ name: 'a', type: 'INTEGER' }] })).toBe(
    '(\nFROM t\n) AS result(c0)',
  );
});
