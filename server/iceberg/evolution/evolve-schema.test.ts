import { describe, expect, it } from 'vitest';
import { schemaFromColumns } from '#shared/iceberg/duckdb-types.ts';
import { walkFields, type Schema } from '#shared/iceberg/schema.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import { applyUpdates } from '../metadata/apply-updates.ts';
import { createTableMetadata, type CreateTableInput } from '../metadata/create.ts';
import { currentSchema } from '../metadata/lookup.ts';
import { parseNameMapping, nameMappingOf, nameMappingToText } from '../metadata/name-mapping.ts';
import { assertRequirements } from '../metadata/requirements.ts';
import { evolveSchema, type SchemaEvolution } from './evolve-schema.ts';
import { evolveSpec } from './evolve-spec.ts';
import { unionByName } from './union-by-name.ts';

const schema = schemaFromColumns([
  { name: 'id', sqlType: 'INTEGER', required: true },
  { name: 'price', sqlType: 'DECIMAL(9,2)' },
  { name: 'day', sqlType: 'DATE' },
  { name: 'place', sqlType: 'STRUCT(lat FLOAT, lon FLOAT)' },
  { name: 'stops', sqlType: 'STRUCT(code VARCHAR)[]' },
  { name: 'tags', sqlType: 'MAP(VARCHAR, INTEGER)' },
]);
const table = (input: Partial<CreateTableInput> = {}): TableMetadata =>
  createTableMetadata({ location: 'file:///w/t', schema, now: 1000, ...input });
const filled = (metadata: TableMetadata): TableMetadata =>
  applyUpdates(
    metadata,
    [
      {
        action: 'add-snapshot',
        snapshot: {
          snapshotId: 1n,
          sequenceNumber: 1n,
          timestampMs: 2000,
          summary: { operation: 'append' },
          manifestList: 'l',
          ...(metadata.formatVersion >= 3 ? { firstRowId: 0n, addedRows: 1n } : {}),
        },
      },
      { action: 'set-snapshot-ref', refName: 'main', ref: { snapshotId: 1n, type: 'branch' } },
    ],
    { metadataLocation: null, now: 2000 },
  );
const commit = (metadata: TableMetadata, evolution: SchemaEvolution): TableMetadata => {
  const { updates, requirements } = evolution.change();
  assertRequirements(metadata, requirements);
  return applyUpdates(metadata, updates, { metadataLocation: null, now: 3000 });
};
const shape = (schema: Schema) =>
  [...walkFields(schema)].map(
    ({ field, path }) => `${path.join('.')}#${field.id}${field.required ? '!' : ''}`,
  );

describe('a schema', () => {
  it('takes new columns anywhere, with ids that were never given', () => {
    const base = table();
    expect(base.lastColumnId).toBe(12);
    const next = commit(
      base,
      evolveSchema(base)
        .addColumn({ name: 'note', type: 'string', doc: 'free text', position: 'first' })
        .addColumn({ name: 'alt', type: 'double', parent: 'place', position: { after: 'lat' } })
        .addColumn({ name: 'at', type: 'timestamptz', parent: 'stops' })
        .addColumn({
          name: 'more',
          type: { type: 'list', elementId: 1, elementRequired: false, element: 'long' },
          position: { before: 'price' },
        }),
    );
    expect(shape(currentSchema(next))).toEqual(
      [
        'note#13',
        'id#1!',
        'more#16',
        'more.element#17',
        'price#2',
        'day#3',
        'place#4',
        'place.lat#7',
        'place.alt#14',
        'place.lon#8',
        'stops#5',
        'stops.element#9',
        'stops.element.code#10',
        'stops.element.at#15',
        'tags#6',
        'tags.key#11!',
        'tags.value#12',
      ].map((line) => line),
    );
    expect(next.lastColumnId).toBe(17);
    expect(next.currentSchemaId).toBe(1);
    const again = commit(next, evolveSchema(next).dropColumn('more'));
    const readded = commit(again, evolveSchema(again).addColumn({ name: 'more', type: 'int' }));
    expect(currentSchema(readded).fields.at(-1)?.id).toBe(18);
  });

  it('renames, moves, widens, documents and drops', () => {
    const base = table();
    const next = commit(
      base,
      evolveSchema(base)
        .renameColumn('id', 'key')
        .updateType('key', 'long')
        .updateType(['place', 'lat'], 'double')
        .updateType(['tags', 'value'], 'long')
        .updateType('price', 'decimal(20, 2)')
        .moveColumn('tags', { before: 'key' })
        .setDoc('key', 'the key')
        .makeOptional('key')
        .dropColumn(['place', 'lon'])
        .dropColumn('day'),
    );
    expect(currentSchema(next).fields).toMatchObject([
      { name: 'tags', type: { value: 'long' } },
      { name: 'key', id: 1, type: 'long', required: false, doc: 'the key' },
      { name: 'price', type: 'decimal(20, 2)' },
      { name: 'place', type: { fields: [{ name: 'lat', type: 'double' }] } },
      { name: 'stops' },
    ]);
    expect(next.lastColumnId).toBe(12);
  });

  it('that does not change makes no commit', () => {
    const evolution = evolveSchema(table())
      .renameColumn('id', 'x')
      .renameColumn('x', 'id')
      .makeOptional('day');
    expect(evolution.change()).toEqual({ updates: [], requirements: [] });
  });

  it.each<[string, (evolution: SchemaEvolution) => unknown]>([
    ["no column 'nope'; there are id, price", (e) => e.dropColumn('nope')],
    ["no column 'place.nope' in 'place'; there are lat, lon", (e) => e.dropColumn(['place', 'nope'])],
    ["there is a column 'price' already", (e) => e.addColumn({ name: 'PRICE', type: 'int' })],
    ["there is a column 'price' already", (e) => e.renameColumn('id', 'price')],
    ['the new name is empty', (e) => e.renameColumn('id', '')],
    ['decimal(9, 2) cannot become decimal(12, 3)', (e) => e.updateType('price', 'decimal(12, 3)')],
    ['int cannot become string', (e) => e.updateType('id', 'string')],
    ['date cannot become timestamp', (e) => e.updateType('day', 'timestamp')],
    ["'place' cannot be changed: struct<lat: float, lon: float> cannot", (e) => e.updateType('place', 'int')],
    ['may hold null in the rows there are', (e) => e.requireColumn('day')],
    ['is required and has no default', (e) => e.addColumn({ name: 'n', type: 'int', required: true })],
    ['which cannot change', (e) => e.updateType(['tags', 'key'], 'binary')],
    ['cannot be renamed', (e) => e.renameColumn(['stops', 'element'], 'x')],
    [
      "'price' is decimal(9, 2), not a struct",
      (e) => e.addColumn({ name: 'n', type: 'int', parent: 'price' }),
    ],
    ["no column 'lat' beside it", (e) => e.moveColumn('id', { after: 'lat' })],
    ['next to itself', (e) => e.moveColumn('id', { after: 'id' })],
    ['floating-point', (e) => e.setIdentifierFields([['place', 'lat']])],
    ['it may be null', (e) => e.setIdentifierFields(['day'])],
    ['it lies in a list', (e) => e.setIdentifierFields([['stops', 'element', 'code']])],
    ['identifier field', (e) => e.setIdentifierFields(['id']).dropColumn('id')],
    ['never null', (e) => e.setIdentifierFields(['id']).makeOptional('id')],
    ['need version 3', (e) => e.updateDefault('id', 4)],
    ['cannot hold', (e) => e.addColumn({ name: 'n', type: 'timestamp_ns' }).change()],
    ['the last one in', (e) => e.dropColumn(['place', 'lat']).dropColumn(['place', 'lon'])],
  ])('refuses: %s', (message, step) => {
    expect(() => step(evolveSchema(filled(table())))).toThrow(message);
  });

  it('lets a required column be null from now on, in structs too, under the id it has', () => {
    const place = {
      type: 'struct' as const,
      fields: [{ id: 3, name: 'lat', required: true, type: 'float' }],
    };
    const base = filled(
      table({
        schema: {
          schemaId: 0,
          identifierFieldIds: [],
          fields: [
            { id: 1, name: 'id', required: true, type: 'int' },
            { id: 2, name: 'place', required: true, type: place },
          ],
        },
      }),
    );
    const next = commit(base, evolveSchema(base).makeOptional('id').makeOptional(['place', 'lat']));
    expect(shape(currentSchema(next))).toEqual(['id#1', 'place#2!', 'place.lat#3']);
    expect(next.schemas).toHaveLength(2);
    expect(shape(next.schemas[0] as Schema)).toEqual(['id#1!', 'place#2!', 'place.lat#3!']);
    // What may be null already stays as it is, and there is no way back.
    expect(evolveSchema(next).makeOptional('id').change().updates).toEqual([]);
    expect(() => evolveSchema(next).requireColumn('id')).toThrow('may hold null');
  });

  it('keeps what partitions and sort orders are made from', () => {
    const base = table({
      partitionSpec: {
        specId: 0,
        fields: [{ sourceId: 3, fieldId: 1000, name: 'day_m', transform: 'month' }],
      },
      sortOrder: {
        orderId: 1,
        fields: [{ sourceId: 7, transform: 'identity', direction: 'asc', nullOrder: 'nulls-first' }],
      },
    });
    expect(() => evolveSchema(base).dropColumn('day')).toThrow("partition field 'day_m'");
    expect(() => evolveSchema(base).dropColumn('place')).toThrow('sort order');
    const freed = applyUpdates(base, evolveSpec(base).removeField('day_m').change().updates, {
      metadataLocation: null,
    });
    expect(commit(freed, evolveSchema(freed).dropColumn('day')).partitionSpecs).toHaveLength(2);
  });

  it('of a table without rows may require more; a race with the first rows is lost', () => {
    const base = table();
    const { updates, requirements } = evolveSchema(base)
      .requireColumn('day')
      .addColumn({ name: 'n', type: 'int', required: true })
      .change();
    expect(applyUpdates(base, updates, { metadataLocation: null }).schemas).toHaveLength(2);
    expect(() => assertRequirements(filled(base), requirements)).toThrow('the snapshot of');
    expect(() =>
      evolveSchema(filled(base), { allowIncompatibleChanges: true }).requireColumn('day').change(),
    ).not.toThrow();
  });

  it('of version 3 has defaults, in the form that the spec gives them', () => {
    const base = filled(table({ formatVersion: 3 }));
    const next = commit(
      base,
      evolveSchema(base)
        .addColumn({ name: 'n', type: 'decimal(6, 2)', required: true, defaultValue: '4.5' })
        .addColumn({ name: 'd', type: 'date', defaultValue: '2024-02-29' })
        .addColumn({ name: 'l', type: 'long', defaultValue: 2n ** 60n })
        .updateType('d', 'timestamp')
        .updateDefault('n', '5'),
    );
    expect(currentSchema(next).fields.slice(-3)).toMatchObject([
      { name: 'n', required: true, initialDefault: '4.50', writeDefault: '5.00' },
      { name: 'd', type: 'timestamp', initialDefault: '2024-02-29T00:00:00' },
      { name: 'l', initialDefault: 2n ** 60n },
    ]);
    const digits = evolveSchema(base).addColumn({
      name: 'x',
      type: 'long',
      defaultValue: '9007199254740993',
    });
    expect(digits.schema.fields.at(-1)?.initialDefault).toBe(9_007_199_254_740_993n);
    expect(() => evolveSchema(base).addColumn({ name: 'x', type: 'long', defaultValue: 2 ** 60 })).toThrow(
      'no long',
    );
    expect(() => evolveSchema(base).addColumn({ name: 'x', type: 'int', defaultValue: 'four' })).toThrow(
      `The default of the column 'x' is no int: "four".`,
    );
  });

  it('does not widen a date that partition values were made from', () => {
    const base = table({
      formatVersion: 3,
      partitionSpec: {
        specId: 0,
        fields: [{ sourceId: 3, fieldId: 1000, name: 'day', transform: 'identity' }],
      },
    });
    expect(() => evolveSchema(base).updateType('day', 'timestamp')).toThrow("partition field 'day'");
  });

  it('brings its name mapping and column properties along', () => {
    const base = table({
      properties: {
        'schema.name-mapping.default': nameMappingToText(nameMappingOf(schema.fields)),
        'write.metadata.metrics.column.price': 'full',
        'write.metadata.metrics.column.day': 'none',
      },
    });
    const next = commit(
      base,
      evolveSchema(base)
        .renameColumn('price', 'cost')
        .dropColumn('day')
        .addColumn({ name: 'price', type: 'string' })
        .addColumn({ name: 'alt', type: 'int', parent: 'place' }),
    );
    const mapping = parseNameMapping(next.properties['schema.name-mapping.default'] ?? '');
    expect(mapping).toMatchObject([
      { fieldId: 1, names: ['id'] },
      { fieldId: 2, names: ['cost'] },
      { fieldId: 3, names: ['day'] },
      { fieldId: 4, fields: [{ names: ['lat'] }, { names: ['lon'] }, { fieldId: 14, names: ['alt'] }] },
      { fieldId: 5 },
      { fieldId: 6 },
      { fieldId: 13, names: ['price'] },
    ]);
    expect(next.properties['write.metadata.metrics.column.cost']).toBe('full');
    expect(next.properties).not.toHaveProperty('write.metadata.metrics.column.day');
    const renamed = commit(base, evolveSchema(base).renameColumn('price', 'cost'));
    expect(
      parseNameMapping(renamed.properties['schema.name-mapping.default'] ?? '').find((m) => m.fieldId === 2)
        ?.names,
    ).toEqual(['price', 'cost']);
  });
});

describe('union by name', () => {
  it('adds, widens and loosens, and leaves what fits', () => {
    const base = filled(table());
    const incoming = schemaFromColumns([
      { name: 'ID', sqlType: 'BIGINT' },
      { name: 'price', sqlType: 'DECIMAL(5,2)' },
      { name: 'place', sqlType: 'STRUCT(alt DOUBLE, lat DOUBLE)' },
      { name: 'stops', sqlType: 'STRUCT(code VARCHAR, at DATE)[]' },
      { name: 'extra', sqlType: 'VARCHAR[]' },
    ]);
    const next = currentSchema(commit(base, unionByName(evolveSchema(base), incoming.fields)));
    expect(next.fields[0]).toMatchObject({ name: 'id', type: 'long', required: false });
    expect(next.fields[1]).toEqual(schema.fields[1]);
    expect(shape(next).filter((line) => /alt|at#|extra/.test(line))).toEqual([
      'place.lat#7',
      'place.alt#13',
      'stops.element.at#14',
      'extra#15',
      'extra.element#16',
    ]);
    expect(next.fields.some((field) => field.name === 'day')).toBe(true);
  });

  it('names the column that cannot be brought together', () => {
    const incoming = schemaFromColumns([{ name: 'place', sqlType: 'STRUCT(lat VARCHAR)' }]);
    expect(() => unionByName(evolveSchema(table()), incoming.fields)).toThrow(
      "The column 'place.lat' is float in the table and string in the rows",
    );
  });
});
