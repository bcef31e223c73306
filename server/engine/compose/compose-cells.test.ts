import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import fc from 'fast-check';
import type { ComposeCell, SqlParameter } from '#shared/contract/notebook-relations.ts';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { SqlParser } from '../analyze/parse.ts';
import { parseWriteStatement } from '../dml/parse-statement.ts';
import { composeCells } from './compose-cells.ts';

let instance: DuckDBInstance;
let db: DuckDBConnection;
let parser: SqlParser;
beforeAll(async () => {
  instance = await DuckDBInstance.create(':memory:');
  db = await instance.connect();
  parser = await SqlParser.create(await instance.connect());
});
afterAll(() => instance.closeSync());

const cell = (name: string, sql: string, ref?: string): ComposeCell => ({
  id: `id-${name}`,
  name,
  sql,
  ...(ref === undefined ? {} : { ref }),
});
const compose = (cells: readonly ComposeCell[], target: string, parameters: readonly SqlParameter[] = []) =>
  composeCells(parser, { cells, parameters, target: `id-${target}`, ref: 'main' });
const rows = async (cells: readonly ComposeCell[], target: string, parameters: SqlParameter[] = []) => {
  const { sql } = await compose(cells, target, parameters);
  return (await db.runAndReadAll(sql)).getRowsJson();
};

describe('cells as relations', () => {
  const daily = cell('daily', 'SELECT range AS day, range * 10 AS n FROM range(4); -- all');
  it.each([
    ['SELECT sum(n) FROM daily', [['60']]],
    ['FROM daily d WHERE d.day = 3', [['3', '30']]],
    ['WITH own AS (FROM daily WHERE n > 10) SELECT count(*) FROM own, daily', [['8']]],
    [
      'WITH RECURSIVE r AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM r WHERE i < 3) SELECT max(i), max(n) FROM r, DAILY',
      [[3, '30']],
    ],
    [
      'SELECT (SELECT max(n) FROM daily) AS top, "daily".day FROM "daily" ORDER BY ALL LIMIT 1;',
      [['30', '0']],
    ],
    ['-- first\nTABLE daily ORDER BY n DESC LIMIT 1', [['3', '30']]],
    ['SELECT column_name FROM (DESCRIBE daily)', [['day'], ['n']]],
  ])('%s', async (sql, expected) => {
    expect(await rows([daily, cell('t', sql)], 't')).toEqual(expected);
  });

  it('summarizes and describes a cell', async () => {
    expect((await rows([daily, cell('t', 'SUMMARIZE daily')], 't')).map((row) => row[0])).toEqual([
      'day',
      'n',
    ]);
    expect((await rows([daily, cell('t', 'DESCRIBE FROM daily')], 't')).map((row) => row[0])).toEqual([
      'day',
      'n',
    ]);
    const summary = cell('summary', 'SUMMARIZE daily');
    expect(await rows([daily, summary, cell('t', 'SELECT count(*) FROM summary')], 't')).toEqual([['2']]);
  });

  it('reads the last of several statements, with places as they are in the whole text', async () => {
    const steps = cell('steps', "SELECT ';' AS no;\n-- the answer\nSELECT range AS day FROM range(3);");
    const target = cell('t', 'SELECT count(*) FROM steps');
    expect(await rows([steps, target], 't')).toEqual([['3']]);
    const { sql, pieces } = await compose([steps, target], 't');
    const own = pieces.find((piece) => piece.cell === 'id-steps');
    expect(steps.sql.slice(own?.from)).toMatch(/^SELECT range/);
    expect(sql).not.toContain("';'");
    const wrong = cell('wrong', 'SELECT 1;\nSELECT $nothing');
    await expect(compose([wrong, cell('t', 'FROM wrong')], 't')).rejects.toMatchObject({
      context: { cell: 'id-wrong', position: 17, line: 2, column: 8 },
    });
    const changes = cell('changes', 'SELECT 1; DELETE FROM n.t');
    await expect(compose([changes, cell('t', 'FROM changes')], 't')).rejects.toThrow('does not end with');
  });

  it('computes a cell once, though two cells on the way read it', async () => {
    const cells = [
      cell('seed', 'SELECT random() AS r'),
      cell('a', 'SELECT r FROM seed'),
      cell('b', 'SELECT r FROM seed'),
      cell('t', 'SELECT a.r = b.r AS same FROM a, b'),
    ];
    const { reads } = await compose(cells, 't');
    expect(reads).toEqual(['id-seed', 'id-a', 'id-b']);
    expect(await rows(cells, 't')).toEqual([[true]]);
  });

  it("keeps a query's own expression apart from a cell of its name", async () => {
    const cells = [
      cell('a', 'SELECT 1 AS x'),
      cell('b', 'SELECT x + 10 AS y FROM a'),
      cell('t', 'WITH a AS (SELECT 2 AS x) SELECT a.x, b.y FROM a, b'),
    ];
    expect(await rows(cells, 't')).toEqual([[2, 11]]);
  });

  it('reads each cell at its own place in history', async () => {
    const cells = [
      cell('old', 'SELECT f.x, n.t.y FROM n.f f, n.t, n.u AT (VERSION => 7)', 'main*2001-02-03T00:00:00Z'),
      cell('t', 'SELECT * FROM old, n.f'),
    ];
    const { sql, ref } = await compose(cells, 't');
    expect(ref).toBe('main');
    expect(sql).toBe(
      `WITH "old" AS (\nSELECT f.x, "t".y FROM (FROM "n"."f" AT (VERSION => 'main*2001-02-03T00:00:00Z')) f, ` +
        `(FROM "n"."t" AT (VERSION => 'main*2001-02-03T00:00:00Z')) AS "t", n.u AT (VERSION => 7)\n)\nSELECT * FROM old, n.f`,
    );
    await parser.parse(sql);
  });

  it('says which cell a stretch of the statement comes from', async () => {
    const target = cell('t', 'SELECT * FROM daily WHERE n > $least AND day < 9');
    const { sql, pieces } = await compose([daily, target], 't', [
      { name: 'least', type: 'number', value: '5' },
    ]);
    for (const { start, end, cell: id, from } of pieces) {
      const source = (id === daily.id ? daily : target).sql;
      expect(sql.slice(start, end)).toBe(source.slice(from, from + end - start));
    }
    expect(pieces.map((piece) => piece.cell)).toEqual(['id-daily', 'id-t', 'id-t']);
  });

  it('gives a statement that writes a query’s rows the cells that its query reads', async () => {
    const write = (sql: string) => compose([daily, cell('t', sql)], 't');
    const made = await write('CREATE OR REPLACE TABLE s.t AS SELECT * FROM daily WHERE n > 5');
    expect(made.reads).toEqual(['id-daily']);
    await db.run('CREATE SCHEMA IF NOT EXISTS s');
    await db.run(made.sql);
    const appended = await write(
      'INSERT INTO s.t (n, day) WITH few AS (FROM daily LIMIT 1) SELECT n, day FROM few',
    );
    await db.run(appended.sql);
    expect((await db.runAndReadAll('SELECT count(*), sum(n) FROM s.t')).getRowsJson()).toEqual([['4', '60']]);
    for (const { start, end, cell: id, from } of appended.pieces) {
      const source =
        id === daily.id
          ? daily.sql
          : 'INSERT INTO s.t (n, day) WITH few AS (FROM daily LIMIT 1) SELECT n, day FROM few';
      expect(appended.sql.slice(start, end)).toBe(source.slice(from, from + end - start));
    }
    const x: SqlParameter = { name: 'x', type: 'number', value: '4' };
    const valued = await compose([cell('t', "INSERT INTO s.t VALUES ($x, DATE '2026-01-01')")], 't', [x]);
    expect(valued.sql).toBe("INSERT INTO s.t VALUES (CAST('4' AS BIGINT), DATE '2026-01-01')");
    await expect(compose([cell('t', 'INSERT INTO s.t SELECT $y')], 't', [x])).rejects.toMatchObject({
      code: 'SQL_BINDING',
      context: { cell: 'id-t', position: 23 },
    });
    for (const sql of [
      'INSERT INTO daily VALUES (1, 2)',
      'INSERT INTO s.t FROM s.other',
      'DELETE FROM s.t WHERE day IN (FROM s.daily)',
      'DELETE FROM daily WHERE n > 1',
      'UPDATE s.t SET n = FROM daily',
      'INSERT INTO s.t SELECT FROM FROM daily',
    ])
      expect((await write(sql)).sql).toBe(sql);
  });

  it.each([
    ['DELETE FROM s.t WHERE day IN (SELECT day FROM daily)'],
    ['-- all of it\nDELETE FROM s.t USING daily d, s.other WHERE t.n = d.n;'],
    ['UPDATE s.t SET n = daily.n, b = DEFAULT FROM daily WHERE t.day = daily.day'],
    ['UPDATE s.t AS x SET n = (SELECT max(n) FROM daily WHERE daily.day < x.day)'],
    ['MERGE INTO s.t USING daily ON t.day = daily.day WHEN MATCHED THEN DELETE'],
    ['MERGE INTO s.t USING daily AS d(day, n) USING (day) WHEN MATCHED THEN UPDATE'],
    [
      'MERGE INTO s.t USING (FROM daily) AS d ON t.day = d.day WHEN NOT MATCHED THEN INSERT VALUES (d.day, (SELECT 1))',
    ],
    [
      "MERGE INTO s.t USING s.u AT (VERSION => 'x') AS d ON d.n = t.n WHEN MATCHED AND d.n IN (FROM daily) THEN DELETE",
    ],
    ['WITH few AS (FROM daily LIMIT 1) DELETE FROM s.t USING few WHERE t.day = few.day'],
    ['WITH RECURSIVE few AS (FROM daily) INSERT INTO s.t SELECT * FROM few'],
  ])('puts the cells that it reads before a statement that changes rows: %s', async (sql) => {
    const composed = await compose([daily, cell('t', sql)], 't');
    expect(composed.reads).toEqual(['id-daily']);
    const head = '"daily" AS ( SELECT range AS day, range * 10 AS n FROM range(4) )';
    const flat = (text: string) => text.replaceAll(/\s+/g, ' ');
    // What is left of it without the cell is the statement as it was.
    const [before = '', behind = ''] = flat(composed.sql).split(head);
    const own = sql.startsWith('WITH') ? before + behind.replace(/^, /, '') : behind;
    expect(flat(own).trim()).toBe(sql.replace(/^--.*\n/, '').replace(/;$/, ''));
    for (const { start, end, cell: id, from } of composed.pieces)
      expect(composed.sql.slice(start, end)).toBe(
        (id === daily.id ? daily.sql : sql).slice(from, from + end - start),
      );
    parseWriteStatement(composed.sql);
  });

  it('gives a statement that changes rows the values of inputs, as constants alone', async () => {
    const x: SqlParameter = { name: 'x', type: 'text', value: "a' OR true --" };
    const sql = 'UPDATE s.t SET n = 1 WHERE name = $x';
    expect((await compose([cell('t', sql)], 't', [x])).sql).toBe(
      "UPDATE s.t SET n = 1 WHERE name = 'a'' OR true --'",
    );
    await expect(compose([cell('t', sql)], 't')).rejects.toMatchObject({
      code: 'SQL_BINDING',
      context: { cell: 'id-t', position: sql.indexOf('$x') },
    });
  });

  it('calls a cell otherwise in a change whose own expression has its name', async () => {
    const sql =
      'MERGE INTO s.t USING daily ON t.n = daily.n AND 1 IN (WITH daily AS (SELECT 1) FROM daily) WHEN MATCHED THEN DELETE';
    const composed = await compose([daily, cell('t', sql)], 't');
    expect(composed.sql).toContain('USING "daily__cell" AS "daily" ON');
    expect(composed.sql).toContain('(WITH daily AS (SELECT 1) FROM daily)');
  });

  it('leaves a cell that reads no other as it is', async () => {
    expect((await compose([cell('t', 'SELECT 1')], 't')).sql).toBe('SELECT 1');
    expect((await compose([cell('t', 'DELETE FROM t WHERE x = 1')], 't')).sql).toBe(
      'DELETE FROM t WHERE x = 1',
    );
  });

  it('explains circles, two cells of a name, and cells that are no query, where they are named', async () => {
    const circle = [cell('a', 'FROM b'), cell('b', 'SELECT * FROM c'), cell('c', 'FROM a')];
    await expect(compose(circle, 'a')).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining('a reads b reads c reads a') as string,
      context: { cell: 'id-c', position: 5, line: 1, column: 6 },
    });
    await expect(compose([cell('a', 'FROM A')], 'a')).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    const twins = [cell('x', 'SELECT 1'), { ...cell('X', 'SELECT 2'), id: 'other' }, cell('t', 'FROM x')];
    await expect(compose(twins, 't')).rejects.toThrow('2 cells are named x');
    await expect(compose([cell('w', 'DELETE FROM n.t'), cell('t', 'FROM w')], 't')).rejects.toThrow(
      'does not end with a query',
    );
    await expect(compose([cell('a', 'SELEC 1'), cell('t', 'FROM a')], 't')).rejects.toMatchObject({
      code: 'SQL_SYNTAX',
      context: { cell: 'id-a', line: 1 },
    });
  });
});

describe('parameters', () => {
  const value = (type: SqlParameter['type'], text: string | null): SqlParameter[] => [
    { name: 'x', type, value: text },
  ];
  it('has the value and the type of its input', async () => {
    const t = cell('t', 'SELECT $x AS v, typeof($X) AS t LIMIT 1');
    expect(await rows([t], 't', value('number', '42'))).toEqual([['42', 'BIGINT']]);
    expect(await rows([t], 't', value('number', '-1.50'))).toEqual([['-1.50', 'DECIMAL(3,2)']]);
    expect(await rows([t], 't', value('number', '1e3'))).toEqual([[1000, 'DOUBLE']]);
    expect(await rows([t], 't', value('date', '2001-02-03'))).toEqual([['2001-02-03', 'DATE']]);
    expect(await rows([t], 't', value('text', null))).toEqual([[null, '"NULL"']]);
    expect(await rows([cell('t', 'FROM range(9) LIMIT $x')], 't', value('number', '2'))).toHaveLength(2);
  });

  it('is a list where several texts are chosen, also where none is', async () => {
    const t = cell('t', "SELECT a FROM (VALUES ('x'), ('y''s'), ('z')) v(a) WHERE a IN $x ORDER BY a");
    expect(await rows([t], 't', value('texts', '["y\'s","z"]'))).toEqual([["y's"], ['z']]);
    expect(await rows([t], 't', value('texts', '[]'))).toEqual([]);
    const c = cell('t', "SELECT list_contains($x, 'b'), len($x), typeof($x)");
    expect(await rows([c], 't', value('texts', '["a","b"]'))).toEqual([[true, '2', 'VARCHAR[]']]);
    expect(await rows([c], 't', value('texts', '[]'))).toEqual([[false, '0', 'VARCHAR[]']]);
    for (const text of ['{"a": 1}', '["a", 1]', '"a"'])
      await expect(rows([c], 't', value('texts', text))).rejects.toMatchObject({
        code: 'INVALID_INPUT',
        message: expect.stringContaining('JSON array of texts'),
      });
  });

  it('never becomes more than a constant, whatever its text is', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.string(), fc.constantFrom("'; DROP TABLE t; --", "' OR 1=1 --", '$x', '$$a$$', '\\')),
        async (text) => {
          const clean = text.replaceAll('\0', '');
          const { sql } = await compose([cell('t', 'SELECT $x AS v')], 't', value('text', text));
          expect((await db.runAndReadAll(sql)).getRowsJson()).toEqual([[clean]]);
        },
      ),
    );
    for (const type of ['number', 'date', 'texts'] as const)
      await expect(compose([cell('t', 'SELECT $x')], 't', value(type, "1' || 'a"))).rejects.toMatchObject({
        code: 'INVALID_INPUT',
      });
  });

  it('is looked for by its name, near ones are offered, and where it is no value it is refused', async () => {
    await expect(compose([cell('t', 'SELECT 1 + $y')], 't', value('text', 'a'))).rejects.toMatchObject({
      code: 'SQL_BINDING',
      context: { position: 11, cell: 'id-t', parameter: 'y' },
    });
    await expect(compose([cell('t', 'FROM $x')], 't', value('text', 'a'))).rejects.toMatchObject({
      code: 'SQL_SYNTAX',
    });
  });
});
