import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import type { IcebergType } from '#shared/iceberg/types.ts';
import { createFieldIdRepository } from '#server/db/field-id-repository.ts';
import type { OpenDatabase } from '#server/db/open-database.ts';
import { testDatabases } from '#server/db/testing.ts';
import { evolveSchema } from '#server/iceberg/evolution/evolve-schema.ts';
import { applyUpdates } from '#server/iceberg/metadata/apply-updates.ts';
import { createTableMetadata } from '#server/iceberg/metadata/create.ts';
import { currentSchema } from '#server/iceberg/metadata/lookup.ts';
import { withOwnFieldIds } from './field-ids.ts';

describe.each(testDatabases())('field ids on $name', ({ open }) => {
  let database: OpenDatabase;
  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database.close());

  function newTable(): TableMetadata {
    return createTableMetadata({
      location: '/t',
      schema: {
        schemaId: 0,
        fields: [{ id: 1, name: 'a', required: false, type: 'int' }],
        identifierFieldIds: [],
      },
    });
  }

  async function add(
    metadata: TableMetadata,
    name: string,
    type: IcebergType = 'int',
  ): Promise<TableMetadata> {
    const fieldIds = createFieldIdRepository(database.db);
    const change = evolveSchema(metadata).addColumn({ name, type }).change();
    const { updates } = await withOwnFieldIds({ fieldIds }, metadata, change);
    return applyUpdates(metadata, updates, { metadataLocation: null });
  }

  const idOf = (metadata: TableMetadata, name: string) =>
    currentSchema(metadata).fields.find((field) => field.name === name)?.id;

  it('are one for what branches add alike, and never one for two things', async () => {
    const base = newTable();
    const [first, second] = [await add(base, 'x'), await add(base, 'x')];
    expect([idOf(first, 'x'), idOf(second, 'x')]).toEqual([2, 2]);
    expect(idOf(await add(first, 'y'), 'y')).toBe(3);
    const other = await add(base, 'x', 'string');
    expect([idOf(other, 'x'), other.lastColumnId]).toEqual([4, 4]);
    const dropped = applyUpdates(first, evolveSchema(first).dropColumn(['x']).change().updates, {
      metadataLocation: null,
    });
    // Files of that branch may still have the dropped one.
    expect(idOf(await add(dropped, 'x'), 'x')).toBe(5);
    const struct: IcebergType = {
      type: 'struct',
      fields: [{ id: 0, name: 'x', required: false, type: 'int' }],
    };
    const [one, two] = [await add(base, 's', struct), await add(await add(base, 'y'), 's', struct)];
    expect(currentSchema(two).fields.at(-1)).toEqual(currentSchema(one).fields.at(-1));
    // Other tables have nothing to do with it.
    expect(idOf(await add(newTable(), 'z'), 'z')).toBe(2);
  });

  it('are different ones for columns that are added at the same time', async () => {
    const base = newTable();
    const names = Array.from({ length: 12 }, (_, index) => `c${index % 6}`);
    const added = await Promise.all(names.map((name) => add(base, name)));
    const ids = added.map((metadata, index) => idOf(metadata, names[index] ?? ''));
    expect(new Set(ids).size).toBe(6);
    for (const [index, id] of ids.entries()) expect(id).toBe(ids[index % 6]);
  });
});
