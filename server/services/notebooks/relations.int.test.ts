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
