import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { currentSchema } from '../../iceberg/metadata/lookup.ts';
import { TableFixture } from '../testing/table-fixture.ts';

let tables: TableFixture;
beforeAll(async () => {
  tables = await TableFixture.open();
  await tables.append('hashes', 'SELECT i AS id, unhex(md5((i % 10)::VARCHAR)) AS h FROM range(1000) r(i)');
  await tables.append('keys', "SELECT unhex(md5('3')) AS k, 0.0::DOUBLE AS x");
  await tables.append(
    'floats',
    "SELECT i AS id, if(i % 2 = 0, '-0.0', '0.0')::DOUBLE AS x, if(i % 2 = 0, '-0.0', '0.0')::FLOAT AS f FROM range(100) r(i)",
    "SELECT i AS id, '-nan'::DOUBLE AS x, '-nan'::FLOAT AS f FROM range(100, 150) r(i)",
  );
  await tables.append('small', 'SELECT i::INTEGER AS id, i::INTEGER AS l FROM range(5, 8) r(i)');
  await tables.append('wide', 'SELECT i::INTEGER AS id, 9000000000000000 + i AS l FROM range(3) r(i)');
  await tables.append('widened', 'SELECT i::INTEGER AS id, i::INTEGER AS l FROM range(5, 8) r(i)');
  widen('widened', 'l');
  await tables.append('widened', 'SELECT i::INTEGER AS id, 9000000000000000 + i AS l FROM range(3) r(i)');
});
afterAll(async () => tables.close());

/** As ALTER COLUMN … TYPE BIGINT. */
function widen(table: string, column: string): void {
  const metadata = tables.table(table);
  const schema = currentSchema(metadata);
  const fields = schema.fields.map((field) =>
    field.name === column ? { ...field, type: 'long' as const } : field,
  );
  const schemaId = schema.schemaId + 1;
  tables.replace(table, {
    ...metadata,
    schemas: [...metadata.schemas, { ...schema, schemaId, fields }],
    currentSchemaId: schemaId,
  });
}

async function rows(sql: string): Promise<readonly (readonly unknown[])[]> {
  return (await tables.run(sql)).rows;
}

describe('bytes in files with Bloom filters', () => {
  it.each([
    ["h = unhex(md5('3'))", 100],
    ["h IN (unhex(md5('3')))", 100],
    ["h IN (unhex(md5('3')), unhex(md5('4')))", 200],
    ["(h = unhex(md5('3')) OR id = 5)", 101],
    ['h = (SELECT max(h) FROM hashes)', 100],
    ['h IN (SELECT k FROM keys)', 100],
    ["h <> unhex(md5('3'))", 900],
    ["h > unhex(md5('3')) OR h <= unhex(md5('3'))", 1000],
  ])('%s', async (condition, count) => {
    expect(await rows(`SELECT count(*)::INTEGER FROM hashes WHERE ${condition}`)).toEqual([[count]]);
  });

  it('are joined, by another name too', async () => {
    expect(await rows('SELECT count(*)::INTEGER FROM hashes JOIN keys ON h = k')).toEqual([[100]]);
    expect(
      await rows(
        'SELECT count(*)::INTEGER FROM (SELECT h AS other FROM hashes) JOIN (SELECT max(k) AS m FROM keys) ON other = m',
      ),
    ).toEqual([[100]]);
  });

  it('are read as ever where nothing is compared with them', async () => {
    const { plan } = await tables.plan('SELECT h FROM hashes WHERE id < 5 AND h IS NOT NULL');
    expect(plan.sql).not.toContain('CASE');
  });
});

describe('zeros and NaN in files with Bloom filters', () => {
  it.each(['x', 'f'])('%s is one of the zeros, one of the NaNs', async (column) => {
    const count = async (condition: string) =>
      (await rows(`SELECT count(*)::INTEGER FROM floats WHERE ${column} ${condition}`))[0]?.[0];
    expect(await count('= 0')).toBe(100);
    expect(await count('= -0.0')).toBe(100);
    expect(await count('IN (0)')).toBe(100);
    expect(await count('IN (0, 1)')).toBe(100);
    expect(await count('IN (SELECT x FROM keys)')).toBe(100);
    expect(await count("= 'nan'::FLOAT")).toBe(50);
    expect(await count('BETWEEN 0 AND 0')).toBe(100);
  });

  it('other numbers are compared as ever', async () => {
    const { plan } = await tables.plan('SELECT id FROM floats WHERE x = 0.05 AND f >= 0.0 AND f <> 10.0');
    expect(plan.sql).not.toContain('CASE');
  });
});

describe('the first rows by a column of integers of two widths', () => {
  it('are those of a column that was widened', async () => {
    expect(await rows('SELECT id, l FROM widened ORDER BY l LIMIT 2')).toEqual([
      [5, '5'],
      [6, '6'],
    ]);
    expect(await rows('SELECT id FROM widened ORDER BY l DESC FETCH FIRST 1 ROW ONLY')).toEqual([[2]]);
  });

  it('are those of columns put together', async () => {
    const both = 'SELECT l FROM wide UNION ALL SELECT l FROM small';
    expect(await rows(`SELECT l FROM (${both}) ORDER BY l LIMIT 2`)).toEqual([['5'], ['6']]);
    expect(await rows(`SELECT l FROM (${both}) GROUP BY l ORDER BY l LIMIT 2`)).toEqual([['5'], ['6']]);
  });

  it('columns of one table are read as ever', async () => {
    const { plan } = await tables.plan('SELECT id, l FROM small ORDER BY id LIMIT 2');
    expect(plan.sql).not.toContain('CASE');
  });
});
