// @vitest-environment node
import { beforeAll, describe, expect, it } from 'vitest';
import { collectArrow } from '#web/lib/arrow-result-table.ts';
import { exactSql } from './exact-sql.ts';
import { openNodeEngine, type NodeEngine } from './testing/node-engine.ts';

describe('exactSql', () => {
  let engine: NodeEngine;
  beforeAll(async () => {
    engine = await openNodeEngine();
  });

  it('leaves alone what Arrow carries', () => {
    const sql = 'SELECT 1 AS a';
    expect(exactSql({ sql, columns: [{ name: 'a', type: 'INTEGER' }] })).toBe(sql);
    expect(exactSql({ sql, columns: [{ name: 'a', type: 'TIMESTAMP WITH TIME ZONE[]' }] })).toBe(sql);
  });

  it('turns into text what Arrow can’t carry, and keeps order, names that repeat, and a comment at the end', async () => {
    const columns = [
      { name: 'e', type: "ENUM('a', 'b')" },
      { name: 'x', type: 'TIME WITH TIME ZONE' },
      { name: 'x', type: 'BIGNUM' },
      { name: 'n "q"', type: 'BIGINT' },
      { name: 's', type: "STRUCT(e ENUM('a', 'b'))" },
    ];
    const sql = `WITH t AS (SELECT unnest([2, 3, 1]) AS n)
      SELECT (CASE n WHEN 1 THEN 'a' ELSE 'b' END)::ENUM('a', 'b') AS e, TIMETZ '12:00:00+02' AS x,
        '100000000000000000000000000000000000000001'::BIGNUM AS x, n::BIGINT AS "n ""q""",
        {'e': 'a'::ENUM('a', 'b')} AS s
      FROM t ORDER BY n DESC -- the last one first`;
    const { table } = await collectArrow(columns, engine.stream(exactSql({ sql, columns })), { maxRows: 10 });
    expect([0, 1, 2].map((row) => columns.map((_, column) => table.value(row, column)))).toEqual(
      [
        ['b', 3n],
        ['b', 2n],
        ['a', 1n],
      ].map(([e, n]) => [e, '12:00:00+02', 10n ** 41n + 1n, n, "{'e': a}"]),
    );
  });
});
