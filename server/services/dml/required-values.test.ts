import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { IcebergType, ListType, NestedField, StructType } from '#shared/iceberg/types.ts';
import { createTableMetadata } from '#server/iceberg/metadata/create.ts';
import { stageCreate } from '#server/iceberg/transaction/staged-commit.ts';
import { commitTable, newTableLocation } from '../tables/index.ts';
import { DmlFixture } from './testing/dml-fixture.ts';

let db: DmlFixture;
beforeAll(async () => {
  db = await DmlFixture.open();
  let id = 0;
  const field = (name: string, type: IcebergType, required = true): NestedField => ({
    id: (id += 1),
    name,
    type,
    required,
  });
  const struct = (...fields: NestedField[]): StructType => ({ type: 'struct', fields });
  const list = (element: IcebergType, elementRequired: boolean): ListType => ({
    type: 'list',
    elementId: (id += 1),
    element,
    elementRequired,
  });
  // No SQL says so of what is inside of a column; other engines create such tables.
  const metadata = createTableMetadata({
    location: newTableLocation(db.ctx, ['shop', 'deep']),
    formatVersion: 3,
    schema: {
      schemaId: 0,
      identifierFieldIds: [],
      fields: [
        field('id', 'long'),
        field(
          'place',
          struct(field('city', 'string'), field('at', struct(field('lat', 'double')), false)),
          false,
        ),
        field('tags', list('string', true), false),
        field(
          'prices',
          {
            type: 'map',
            keyId: (id += 1),
            key: 'string',
            valueId: (id += 1),
            value: struct(field('net', 'double')),
            valueRequired: true,
          },
          false,
        ),
        field('must', list('int', false)),
        field('any', 'variant'),
      ],
    },
  });
  const staged = await stageCreate({ io: db.ctx.io, metadata });
  await commitTable(db.ctx, {
    table: ['shop', 'deep'],
    branch: 'main',
    message: 'Create',
    standing: null,
    metadata: staged.metadata,
    metadataLocation: staged.newMetadataLocation,
  });
});
afterAll(async () => db.close());

const insert = (changed: Readonly<Record<string, string>>) => {
  const values = {
    id: '1',
    place: "{'city': 'Rome', 'at': {'lat': 1.5}}",
    tags: "['a', 'b']",
    prices: "MAP {'x': {'net': 1.5}}",
    must: '[NULL]::INTEGER[]',
    any: '1::VARIANT',
    ...changed,
  };
  const items = Object.entries(values).map(([name, value]) => `${value} AS "${name}"`);
  return `INSERT INTO shop.deep BY NAME SELECT ${items.join(', ')}`;
};

describe('values that a table requires', () => {
  it('may be absent where what is around them is', async () => {
    await db.run(insert({}));
    await db.run(insert({ place: 'NULL', tags: 'NULL', prices: 'NULL' }));
    await db.run(insert({ place: "{'city': 'Rome', 'at': NULL}", tags: '[]', prices: 'MAP {}' }));
    expect(await db.rows('SELECT count(*) FROM shop.deep')).toEqual([['3']]);
  });

  it.each([
    [{ place: "{'city': NULL, 'at': NULL}" }, 'place.city'],
    [{ place: "{'city': 'Rome', 'at': {'lat': NULL}}" }, 'place.at.lat'],
    [{ tags: "['a', NULL]" }, 'tags.element'],
    [{ prices: "MAP {'x': NULL}" }, 'prices.value'],
    [{ prices: "MAP {'x': {'net': 1.0}, 'y': {'net': NULL}}" }, 'prices.value.net'],
    [{ must: 'NULL' }, 'must'],
    [{ any: 'NULL' }, 'any'],
    [{ id: 'NULL', tags: '[NULL]', must: 'NULL' }, 'id', 'tags.element', 'must'],
  ])('are refused where %j has none', async (changed, ...columns) => {
    const before = await db.rows('SELECT count(*) FROM shop.deep');
    await expect(db.run(insert(changed))).rejects.toMatchObject({
      code: 'SCHEMA_MISMATCH',
      context: { misfits: columns.map((column) => ({ column, got: 'null' })) },
    });
    expect(await db.rows('SELECT count(*) FROM shop.deep')).toEqual(before);
  });

  it('are looked for in updates too', async () => {
    await expect(
      db.run("UPDATE shop.deep SET place = {'city': NULL, 'at': NULL} WHERE place IS NULL"),
    ).rejects.toMatchObject({
      code: 'SCHEMA_MISMATCH',
      message: expect.stringContaining('place.city') as string,
    });
  });
});

it('a value of fixed[n] has n bytes, as other engines rely on', async () => {
  await db.run('CREATE TABLE shop.fixed (id INTEGER, code fixed[2])');
  await db.run("INSERT INTO shop.fixed VALUES (1, 'ab'::BLOB), (2, NULL)");
  for (const sql of [
    "INSERT INTO shop.fixed VALUES (3, 'abc'::BLOB)",
    "INSERT INTO shop.fixed SELECT 4, ''::BLOB",
    "UPDATE shop.fixed SET code = 'x'::BLOB WHERE id = 1",
  ])
    expect(await db.refusal(sql)).toMatchObject({
      code: 'SCHEMA_MISMATCH',
      message: 'The column code is fixed[2], but 1 row has bytes of another length there.',
    });
  expect(await db.rows('SELECT id, code::VARCHAR FROM shop.fixed ORDER BY id')).toEqual([
    [1, 'ab'],
    [2, null],
  ]);
});

it('a column of type unknown takes no value, which its files would not have', async () => {
  await db.run("CREATE TABLE shop.unknown (id INTEGER, u unknown) WITH ('format-version' = 3)");
  await db.run('INSERT INTO shop.unknown VALUES (1, NULL)');
  for (const sql of [
    'INSERT INTO shop.unknown VALUES (2, 5)',
    'INSERT INTO shop.unknown SELECT 3, 5',
    'UPDATE shop.unknown SET u = 1',
  ])
    expect([sql, await db.refusal(sql)]).toEqual([
      sql,
      expect.objectContaining({
        code: 'SQL_RUNTIME',
        message: expect.stringContaining('The column u is of type unknown') as string,
      }),
    ]);
  await db.run('ALTER TABLE shop.unknown ALTER COLUMN u TYPE INTEGER');
  await db.run('UPDATE shop.unknown SET u = 1');
  expect(await db.rows('FROM shop.unknown')).toEqual([[1, 1]]);
});
