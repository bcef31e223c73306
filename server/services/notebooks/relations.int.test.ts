import { afterAll, beforeAll, expect, it } from 'vitest';
import { DmlFixture } from '../dml/testing/dml-fixture.ts';
import { composeCell, outlineStatements } from './relations.ts';

let fixture: DmlFixture;
beforeAll(async () => {
  fixture = await DmlFixture.open();
  await fixture.run('CREATE TABLE s.sales AS SELECT range AS id, range * 10 AS price FROM range(6)');
});
afterAll(() => fixture.close());

it('finds what each of several statements names, where it stands in the whole text', async () => {
  const sql = 'SELECT 1;\nSELECT $least FROM daily; INSERT INTO s.sales FROM other';
  const [outline] = await outlineStatements(fixture.ctx, [sql]);
  expect(outline?.kind).toBe('write');
  expect(outline?.relations.map(({ name, start, end }) => [name, sql.slice(start, end)])).toEqual([
    ['daily', 'daily'],
    ['other', 'other'],
  ]);
  expect(outline?.parameters.map(({ start, end }) => sql.slice(start, end))).toEqual(['$least']);
});

it('writes the rows of a cell to a table, in one commit', async () => {
  const cells = [
    { id: 'dear', name: 'dear', sql: 'SELECT 1;\nSELECT id, price FROM s.sales WHERE price >= $least' },
    { id: 'keep', sql: 'CREATE TABLE s.dear AS SELECT * FROM dear' },
    { id: 'more', sql: 'INSERT INTO s.dear WITH twice AS (FROM dear) SELECT id + 100, price FROM twice' },
  ];
  const parameters = [{ name: 'least', type: 'number' as const, value: '30' }];
  for (const target of ['keep', 'more']) {
    const composed = await composeCell(fixture.ctx, { cells, parameters, target, ref: 'main' });
    expect(composed.reads).toEqual(['dear']);
    await fixture.run(composed.sql);
  }
  expect(await fixture.rows('SELECT count(*), min(id), max(id), sum(price) FROM s.dear')).toEqual([
    ['6', '3', '105', '240'],
  ]);
});

it('changes the rows of a table by what cells have, and says where a cell is wrong', async () => {
  await fixture.run('CREATE TABLE s.stock AS SELECT range AS id, 0 AS price FROM range(4)');
  const compose = (sql: string) => {
    const cells = [
      { id: 'dear', name: 'dear', sql: 'SELECT id, price FROM s.sales WHERE price >= $least' },
      {
        id: 'dearest',
        name: 'dearest',
        sql: 'FROM dear QUALIFY row_number() OVER (ORDER BY price DESC) <= 2',
      },
      { id: 'it', sql },
    ];
    const parameters = [{ name: 'least', type: 'number' as const, value: '20' }];
    return composeCell(fixture.ctx, { cells, parameters, target: 'it', ref: 'main' });
  };
  const run = async (sql: string) => {
    const composed = await compose(sql);
    await fixture.run(composed.sql);
    return composed.reads;
  };
  const stock = () => fixture.rows('SELECT id, price FROM s.stock ORDER BY id');

  await run('UPDATE s.stock AS t SET price = dear.price + $least FROM dear WHERE dear.id = t.id');
  expect(await stock()).toEqual([
    ['0', 0],
    ['1', 0],
    ['2', 40],
    ['3', 50],
  ]);
  const merged = await run(
    'MERGE INTO s.stock AS t USING dearest ON t.id = dearest.id WHEN MATCHED THEN UPDATE SET price = 1 WHEN NOT MATCHED THEN INSERT (id, price) VALUES (dearest.id, dearest.price)',
  );
  expect(merged).toEqual(['dear', 'dearest']);
  await run('DELETE FROM s.stock USING dear WHERE stock.id = dear.id AND dear.price = 50');
  await run('DELETE FROM s.stock WHERE id NOT IN (SELECT id FROM dear)');
  expect(await stock()).toEqual([
    ['2', 40],
    ['3', 50],
    ['4', 40],
  ]);
  // Of one commit, each statement reads them.
  await run(
    'BEGIN; UPDATE s.stock SET price = 7 WHERE id IN (SELECT id FROM dearest); INSERT INTO s.stock SELECT id, price FROM dearest WHERE id > $least / 5; COMMIT',
  );
  expect(await stock()).toEqual([
    ['2', 40],
    ['3', 50],
    ['4', 7],
    ['5', 50],
  ]);
  // What is wrong is found in the statement as it is composed, whose pieces say where in the cell that is.
  const wrong = 'DELETE FROM s.stock USING dear WHERE stock.id = dear.nothing';
  const { sql } = await compose(wrong);
  const refusal = await fixture.refusal(sql);
  expect(refusal).toMatchObject({ code: 'COLUMN_NOT_FOUND', at: 'dear.nothing' });
});

it('finds what a statement that changes rows names, for the graph of the cells and for renaming', async () => {
  const sql = 'UPDATE s.t SET a = $n; MERGE INTO s.t USING daily AS d ON t.a = d.a WHEN MATCHED THEN DELETE';
  const [outline] = await outlineStatements(fixture.ctx, [sql]);
  expect(outline?.relations.map(({ start, end, aliased }) => [sql.slice(start, end), aliased])).toEqual([
    ['daily', true],
  ]);
  expect(outline?.parameters.map(({ start, end }) => sql.slice(start, end))).toEqual(['$n']);
});
