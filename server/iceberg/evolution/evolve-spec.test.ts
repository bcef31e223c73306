import { describe, expect, it } from 'vitest';
import { schemaFromColumns } from '#shared/iceberg/duckdb-types.ts';
import type { FormatVersion, TableMetadata } from '#shared/iceberg/table-metadata.ts';
import type { TableChange } from '#shared/iceberg/table-update.ts';
import { applyUpdates } from '../metadata/apply-updates.ts';
import { createTableMetadata } from '../metadata/create.ts';
import { defaultSortOrder, defaultSpec } from '../metadata/lookup.ts';
import { assertRequirements } from '../metadata/requirements.ts';
import { evolveSpec, type SpecEvolution } from './evolve-spec.ts';
import { replaceSortOrder } from './replace-sort-order.ts';

const schema = schemaFromColumns([
  { name: 'id', sqlType: 'BIGINT' },
  { name: 'at', sqlType: 'TIMESTAMP' },
  { name: 'place', sqlType: 'STRUCT(city VARCHAR, lat DOUBLE)' },
]);
const table = (formatVersion: FormatVersion = 2): TableMetadata =>
  createTableMetadata({
    location: 'file:///w/t',
    schema,
    formatVersion,
    tableUuid: '9c12d441-03fe-4693-9a96-a0705ddf69c1',
  });
const commit = (metadata: TableMetadata, { updates, requirements }: TableChange): TableMetadata => {
  assertRequirements(metadata, requirements);
  return applyUpdates(metadata, updates, { metadataLocation: null });
};
const shown = (metadata: TableMetadata) =>
  defaultSpec(metadata).fields.map((f) => `${f.fieldId} ${f.name} = ${f.transform}(${f.sourceId})`);

describe('a partition spec', () => {
  it('gets fields of every transform, named as other writers name them', () => {
    const next = commit(
      table(),
      evolveSpec(table())
        .addField({ source: 'id', transform: 'bucket[16]' })
        .addField({ source: 'at', transform: 'day' })
        .addField({ source: ['place', 'city'], transform: 'truncate[3]' })
        .addField({ source: 'id', transform: 'identity' })
        .addField({ source: ['place', 'city'], transform: 'identity', name: 'town' })
        .change(),
    );
    expect(shown(next)).toEqual([
      '1000 id_bucket_16 = bucket[16](1)',
      '1001 at_day = day(2)',
      '1002 place.city_trunc_3 = truncate[3](4)',
      '1003 id = identity(1)',
      '1004 town = identity(4)',
    ]);
  });

  it('takes a field back under the id that it had', () => {
    const one = commit(table(), evolveSpec(table()).addField({ source: 'at', transform: 'day' }).change());
    const two = commit(
      one,
      evolveSpec(one).removeField('at_day').addField({ source: 'id', transform: 'bucket[4]' }).change(),
    );
    expect(shown(two)).toEqual(['1001 id_bucket_4 = bucket[4](1)']);
    const three = commit(
      two,
      evolveSpec(two).addField({ source: 'at', transform: 'day', name: 'd' }).change(),
    );
    expect(shown(three)).toEqual(['1001 id_bucket_4 = bucket[4](1)', '1000 d = day(2)']);
    const renamed = commit(three, evolveSpec(three).renameField('d', 'at_day').change());
    expect(shown(renamed)).toEqual(['1001 id_bucket_4 = bucket[4](1)', '1000 at_day = day(2)']);
    const back = commit(
      renamed,
      evolveSpec(renamed).removeField({ source: 'id', transform: 'bucket[4]' }).change(),
    );
    // It is the first spec over again.
    expect(back.defaultSpecId).toBe(1);
    expect(back.lastPartitionId).toBe(1001);
  });

  it('of version 1 keeps the place of what is removed', () => {
    const one = commit(
      table(1),
      evolveSpec(table(1))
        .addField({ source: 'at', transform: 'day' })
        .addField({ source: 'id', transform: 'identity' })
        .change(),
    );
    const two = commit(one, evolveSpec(one).removeField('at_day').change());
    expect(shown(two)).toEqual(['1000 at_day = void(2)', '1001 id = identity(1)']);
    const three = commit(two, evolveSpec(two).addField({ source: 'at', transform: 'day' }).change());
    expect(shown(three)).toEqual([
      '1000 at_day_1000 = void(2)',
      '1001 id = identity(1)',
      '1002 at_day = day(2)',
    ]);
    const upgraded = commit(two, {
      updates: [{ action: 'upgrade-format-version', formatVersion: 2 }],
      requirements: [],
    });
    const again = commit(
      upgraded,
      evolveSpec(upgraded).addField({ source: 'at', transform: 'day' }).change(),
    );
    expect(new Set(defaultSpec(again).fields.map((f) => f.fieldId)).size).toBe(3);
  });

  it.each<[string, (evolution: SpecEvolution) => unknown]>([
    ["there is no column 'x'", (e) => e.addField({ source: 'x', transform: 'day' })],
    ["'weekly' is no transform", (e) => e.addField({ source: 'at', transform: 'weekly' })],
    ['does not apply to long', (e) => e.addField({ source: 'id', transform: 'day' })],
    ['one plain value', (e) => e.addField({ source: 'place', transform: 'bucket[3]' })],
    ["by 'at_day' (day) of the same column", (e) => e.addField({ source: 'at', transform: 'hour' })],
    ['same column already', (e) => e.addField({ source: 'at', transform: 'day', name: 'other' })],
    ['of that name already', (e) => e.addField({ source: 'id', transform: 'bucket[2]', name: 'at_day' })],
    ['name of a column', (e) => e.addField({ source: 'id', transform: 'bucket[2]', name: 'at' })],
    ['name of a column', (e) => e.renameField('at_day', 'id')],
    ["no partition field 'nope'; there are at_day", (e) => e.removeField('nope')],
    ['it is not partitioned', (e) => e.removeField('at_day').removeField('at_day')],
  ])('refuses: %s', (message, step) => {
    const one = commit(table(), evolveSpec(table()).addField({ source: 'at', transform: 'day' }).change());
    expect(() => step(evolveSpec(one))).toThrow(new RegExp(message.replaceAll(/[()[\]]/g, '\\$&'), 'i'));
  });

  it('that ends as it was makes no commit', () => {
    expect(
      evolveSpec(table()).addField({ source: 'at', transform: 'day' }).removeField('at_day').change().updates,
    ).toEqual([]);
  });
});

it('a sort order is replaced, and an equal one used again', () => {
  const base = table();
  const sorted = commit(
    base,
    replaceSortOrder(base, [{ source: 'at', direction: 'desc' }, { source: 'id' }]),
  );
  expect(defaultSortOrder(sorted)).toEqual({
    orderId: 1,
    fields: [
      { sourceId: 2, transform: 'identity', direction: 'desc', nullOrder: 'nulls-last' },
      { sourceId: 1, transform: 'identity', direction: 'asc', nullOrder: 'nulls-first' },
    ],
  });
  const unsorted = commit(sorted, replaceSortOrder(sorted, []));
  expect(unsorted.defaultSortOrderId).toBe(0);
  const again = commit(
    unsorted,
    replaceSortOrder(unsorted, [{ source: 'at', direction: 'desc' }, { source: 'id' }]),
  );
  expect(again.defaultSortOrderId).toBe(1);
  expect(replaceSortOrder(again, [{ source: 'at', direction: 'desc' }, { source: 'id' }]).updates).toEqual(
    [],
  );
  expect(() => replaceSortOrder(base, [{ source: 'id' }, { source: 'ID' }])).toThrow('twice');
});
