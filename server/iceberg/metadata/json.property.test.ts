import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Schema } from '#shared/iceberg/schema.ts';
import { assignFreshIds } from '#shared/iceberg/schema.ts';
import type { FormatVersion, TableMetadata } from '#shared/iceberg/table-metadata.ts';
import type { TableRequirement, TableUpdate } from '#shared/iceberg/table-update.ts';
import type { IcebergType } from '#shared/iceberg/types.ts';
import { isAppError } from '#shared/errors/app-error.ts';
import { parseJson, stringifyJson } from '#shared/util/json.ts';
import { present } from '#shared/util/present.ts';
import { applyUpdates, metadataFromUpdates } from './apply-updates.ts';
import { JsonNode } from './json-node.ts';
import { newMetadataLocation } from './locations.ts';
import { parseTableMetadata } from './parse.ts';
import { parseTableRequirement, tableRequirementToJson } from './requirement-json.ts';
import { serializeTableMetadata, tableMetadataToJson } from './serialize.ts';
import { parseTableUpdate, tableUpdateToJson } from './update-json.ts';

const source = { name: 'The commit', code: 'INVALID_INPUT' } as const;
const reread = (json: unknown) => new JsonNode(parseJson(stringifyJson(json)), source);

const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 });
const int = fc.integer({ min: 0, max: 1e6 });
const long = fc.bigInt({ min: 1n, max: 2n ** 63n - 1n });
const properties = fc.dictionary(name, fc.string({ maxLength: 10 }), { maxKeys: 4 });
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

const V2_TYPES = [
  'boolean',
  'int',
  'long',
  'double',
  'decimal(9, 2)',
  'date',
  'timestamptz',
  'string',
  'uuid',
  'fixed[3]',
];
const V3_TYPES = [...V2_TYPES, 'timestamp_ns', 'timestamptz_ns', 'variant', 'geometry(srid:4326)'];

function anyType(primitives: readonly string[]): fc.Arbitrary<IcebergType> {
  return fc.letrec<{ type: IcebergType; struct: IcebergType }>((tie) => ({
    type: fc.oneof(
      { maxDepth: 2, withCrossShrink: true },
      fc.constantFrom(...primitives),
      tie('struct'),
      fc.record({
        type: fc.constant('list' as const),
        elementId: fc.constant(0),
        elementRequired: fc.boolean(),
        element: tie('type'),
      }),
      fc.record({
        type: fc.constant('map' as const),
        keyId: fc.constant(0),
        key: fc.constantFrom(...primitives),
        valueId: fc.constant(0),
        valueRequired: fc.boolean(),
        value: tie('type'),
      }),
    ),
    struct: fc.record({
      type: fc.constant('struct' as const),
      fields: fc.uniqueArray(
        fc.record({ id: fc.constant(0), name, required: fc.constant(false), type: tie('type') }),
        { minLength: 1, maxLength: 3, selector: (field) => field.name.toLowerCase() },
      ),
    }),
  })).type;
}

function anySchema(version: FormatVersion): fc.Arbitrary<Schema> {
  const column = fc
    .record({
      name,
      type: version >= 3 ? fc.oneof(fc.constant('unknown'), anyType(V3_TYPES)) : anyType(V2_TYPES),
      required: fc.boolean(),
      doc: maybe(fc.string()),
      withDefault: fc.boolean(),
    })
    .map(({ withDefault, ...field }) => {
      const hasDefault = version >= 3 && withDefault && field.type === 'int';
      return present({
        id: 0,
        ...field,
        required: field.required && field.type !== 'unknown',
        initialDefault: hasDefault ? 5 : undefined,
        writeDefault: hasDefault ? 6 : undefined,
      });
    });
  return fc
    .uniqueArray(column, { minLength: 1, maxLength: 5, selector: (field) => field.name.toLowerCase() })
    .map((columns) => {
      const { fields } = assignFreshIds(columns);
      const keys = fields.filter(
        (field) => field.required && (field.type === 'int' || field.type === 'string'),
      );
      return { schemaId: 0, fields, identifierFieldIds: keys.map((field) => field.id) };
    });
}

const anySnapshot = fc
  .record({
    snapshotId: long,
    parentSnapshotId: maybe(long),
    sequenceNumber: long,
    timestampMs: int,
    summary: fc.record({ operation: fc.constantFrom('append', 'replace', 'overwrite', 'delete') }),
    manifestList: name,
    schemaId: maybe(int),
    firstRowId: maybe(long),
    addedRows: maybe(long),
    keyId: maybe(name),
  })
  .map((snapshot) => present(snapshot));
const anyRef = fc
  .record({
    snapshotId: long,
    type: fc.constantFrom('branch', 'tag'),
    minSnapshotsToKeep: maybe(int),
    maxSnapshotAgeMs: maybe(int),
    maxRefAgeMs: maybe(int),
  })
  .map((ref) => present(ref));
const anyStatistics = long.map((snapshotId) => ({
  snapshotId,
  json: parseJson(stringifyJson({ 'snapshot-id': snapshotId, 'statistics-path': 's.puffin' })) as Record<
    string,
    unknown
  >,
}));
const anySpecFields = fc.array(
  fc
    .record({
      sourceId: int,
      fieldId: maybe(int),
      name,
      transform: fc.constantFrom('identity', 'bucket[4]', 'day'),
    })
    .map((field) => present(field)),
  { maxLength: 3 },
);
const anySortOrder = fc.record({
  orderId: int,
  fields: fc.array(
    fc.record({
      sourceId: int,
      transform: fc.constant('identity'),
      direction: fc.constantFrom('asc', 'desc'),
      nullOrder: fc.constantFrom('nulls-first', 'nulls-last'),
    }),
  ),
});

const anyUpdate: fc.Arbitrary<TableUpdate> = fc.oneof(
  fc.record({ action: fc.constant('assign-uuid'), uuid: fc.uuid() }),
  fc.record({ action: fc.constant('upgrade-format-version'), formatVersion: fc.constantFrom(1, 2, 3) }),
  fc
    .record({ action: fc.constant('add-schema'), schema: anySchema(3), lastColumnId: maybe(int) })
    .map((update) => present(update) as TableUpdate),
  fc.record({ action: fc.constant('set-current-schema'), schemaId: int }),
  fc.record({
    action: fc.constant('add-spec'),
    spec: fc.record({ specId: maybe(int), fields: anySpecFields }).map((spec) => present(spec)),
  }),
  fc.record({ action: fc.constant('set-default-spec'), specId: fc.constantFrom(-1, 0, 3) }),
  fc.record({ action: fc.constant('add-sort-order'), sortOrder: anySortOrder }),
  fc.record({ action: fc.constant('set-default-sort-order'), sortOrderId: int }),
  fc.record({ action: fc.constant('add-snapshot'), snapshot: anySnapshot }),
  fc.record({ action: fc.constant('set-snapshot-ref'), refName: name, ref: anyRef }),
  fc.record({ action: fc.constant('remove-snapshots'), snapshotIds: fc.array(long) }),
  fc.record({ action: fc.constant('remove-snapshot-ref'), refName: name }),
  fc.record({ action: fc.constant('set-location'), location: name }),
  fc.record({ action: fc.constant('set-properties'), updates: properties }),
  fc.record({ action: fc.constant('remove-properties'), removals: fc.array(name) }),
  fc.record({ action: fc.constant('set-statistics'), statistics: anyStatistics }),
  fc.record({
    action: fc.constantFrom('remove-statistics', 'remove-partition-statistics'),
    snapshotId: long,
  }),
  fc.record({ action: fc.constant('set-partition-statistics'), partitionStatistics: anyStatistics }),
  fc.record({ action: fc.constant('remove-partition-specs'), specIds: fc.array(int) }),
  fc.record({ action: fc.constant('remove-schemas'), schemaIds: fc.array(int) }),
  fc.record({
    action: fc.constant('add-encryption-key'),
    encryptionKey: fc.record({ 'key-id': name, 'encrypted-key-metadata': name }),
  }),
  fc.record({ action: fc.constant('remove-encryption-key'), keyId: name }),
);

const anyRequirement: fc.Arbitrary<TableRequirement> = fc.oneof(
  fc.record({ type: fc.constant('assert-create') }),
  fc.record({ type: fc.constant('assert-table-uuid'), uuid: fc.uuid() }),
  fc.record({ type: fc.constant('assert-ref-snapshot-id'), ref: name, snapshotId: fc.option(long) }),
  fc.record({ type: fc.constant('assert-last-assigned-field-id'), lastAssignedFieldId: int }),
  fc.record({ type: fc.constant('assert-current-schema-id'), currentSchemaId: int }),
  fc.record({ type: fc.constant('assert-last-assigned-partition-id'), lastAssignedPartitionId: int }),
  fc.record({ type: fc.constant('assert-default-spec-id'), defaultSpecId: int }),
  fc.record({ type: fc.constant('assert-default-sort-order-id'), defaultSortOrderId: int }),
);

describe('JSON of the REST protocol', () => {
  it('gives every update back', () => {
    fc.assert(
      fc.property(anyUpdate, (update) => {
        expect(parseTableUpdate(reread(tableUpdateToJson(update)))).toEqual(update);
      }),
      { numRuns: 500 },
    );
  });

  it('gives every requirement back', () => {
    fc.assert(
      fc.property(anyRequirement, (requirement) => {
        expect(parseTableRequirement(reread(tableRequirementToJson(requirement)))).toEqual(requirement);
      }),
    );
  });

  it.each([
    [{ action: 'dance' }, "field 'action' must be one of assign-uuid"],
    [
      { action: 'add-snapshot', snapshot: { 'snapshot-id': 'x' } },
      "field 'snapshot.manifest-list' is missing",
    ],
    [{ action: 'set-properties', updates: { a: [] } }, "field 'updates.a' must be text"],
    [{ action: 'upgrade-format-version', 'format-version': 4 }, "field 'format-version' is 4"],
    [
      {
        action: 'add-schema',
        schema: { type: 'struct', fields: [{ id: 1, name: 'a', required: false, type: 'money' }] },
      },
      "field 'schema.fields[0].type' is wrong",
    ],
  ])('says of %j where it is off', (json, message) => {
    expect(() => parseTableUpdate(reread(json))).toThrow(message);
  });
});

/** A table that a client described by updates, and then changed at random; what does not fit is left out. */
const anyTable: fc.Arbitrary<TableMetadata> = fc
  .constantFrom<FormatVersion[]>(1, 2, 3)
  .chain((formatVersion) =>
    fc
      .record({
        schema: anySchema(formatVersion),
        wider: anySchema(formatVersion),
        properties,
        changes: fc.array(anyUpdate, { maxLength: 20 }),
        now: int,
      })
      .map(({ schema, wider, properties: set, changes, now }) => {
        const created = metadataFromUpdates(
          [
            { action: 'assign-uuid', uuid: '9c12d441-03fe-4693-9a96-a0705ddf69c1' },
            { action: 'upgrade-format-version', formatVersion },
            { action: 'set-location', location: 'file:///w/t' },
            { action: 'add-schema', schema },
            { action: 'set-current-schema', schemaId: -1 },
            { action: 'set-properties', updates: set },
          ],
          { now },
        );
        const updates: readonly TableUpdate[] = [{ action: 'add-schema', schema: wider }, ...changes];
        return updates.reduce<TableMetadata>((metadata, update, index) => {
          try {
            return applyUpdates(metadata, [fitted(metadata, update)], {
              metadataLocation: `file:///w/t/metadata/${index}.metadata.json`,
              now: now + index,
            });
          } catch (error) {
            if (isAppError(error)) return metadata;
            throw error;
          }
        }, created);
      }),
  );

/** A snapshot that a writer of the table could have made, and a ref to one that is there. */
function fitted(metadata: TableMetadata, update: TableUpdate): TableUpdate {
  if (update.action === 'add-snapshot') {
    const {
      firstRowId: _,
      addedRows: __,
      parentSnapshotId: ___,
      schemaId: ____,
      ...snapshot
    } = update.snapshot;
    const sequenceNumber = metadata.formatVersion === 1 ? 0n : metadata.lastSequenceNumber + 1n;
    const rows = metadata.formatVersion >= 3 ? { firstRowId: metadata.nextRowId ?? 0n, addedRows: 3n } : {};
    return { ...update, snapshot: { ...snapshot, sequenceNumber, ...rows } };
  }
  const last = metadata.snapshots.at(-1);
  if (update.action === 'set-snapshot-ref' && last !== undefined)
    return {
      ...update,
      refName: update.refName.length > 3 ? update.refName : 'main',
      ref: { type: 'branch', snapshotId: last.snapshotId },
    };
  return update;
}

describe('metadata of any version', () => {
  it('reads back as it was', () => {
    fc.assert(
      fc.property(anyTable, (metadata) => {
        expect(parseTableMetadata(serializeTableMetadata(metadata), 'x')).toEqual(metadata);
        const json = tableMetadataToJson(metadata);
        expect('schema' in json && json['schema'] !== undefined).toBe(metadata.formatVersion === 1);
        expect(json['next-row-id'] !== undefined).toBe(metadata.formatVersion === 3);
      }),
      { numRuns: 300 },
    );
  });

  it('keeps its own rules, whatever is asked', () => {
    fc.assert(
      fc.property(anyTable, (metadata) => {
        const snapshots = new Set(metadata.snapshots.map((s) => s.snapshotId));
        for (const ref of Object.values(metadata.refs)) expect(snapshots.has(ref.snapshotId)).toBe(true);
        expect(metadata.refs['main']?.snapshotId).toBe(metadata.currentSnapshotId);
        for (const entry of metadata.snapshotLog) expect(snapshots.has(entry.snapshotId)).toBe(true);
        if (metadata.snapshotLog.length > 0)
          expect(metadata.snapshotLog.at(-1)?.snapshotId).toBe(metadata.currentSnapshotId);
        expect(metadata.schemas.some((schema) => schema.schemaId === metadata.currentSchemaId)).toBe(true);
        const rows = metadata.snapshots.map((s) => (s.firstRowId ?? 0n) + (s.addedRows ?? 0n));
        expect(rows.every((end) => end <= (metadata.nextRowId ?? 0n))).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('is gzipped, under a name that says so, where the table wants it', () => {
    fc.assert(
      fc.property(anyTable, (plain) => {
        const metadata = {
          ...plain,
          properties: { ...plain.properties, 'write.metadata.compression-codec': 'gzip' },
        };
        const bytes = serializeTableMetadata(metadata);
        expect(parseJson(gunzipSync(bytes).toString())).toMatchObject({ location: metadata.location });
        expect(parseTableMetadata(bytes, 'x')).toEqual(metadata);
        expect(newMetadataLocation(metadata, 'file:///w/t/metadata/00007-x.metadata.json')).toMatch(
          /\/00008-[-0-9a-f]{36}\.gz\.metadata\.json$/,
        );
      }),
      { numRuns: 20 },
    );
  });
});

it('tables of other engines read the same after they were written', () => {
  const folder = join(import.meta.dirname, '..', 'testdata', 'tables');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.metadata.json'),
  );
  expect(files.length).toBeGreaterThan(5);
  for (const file of files) {
    const metadata = parseTableMetadata(readFileSync(join(folder, file)), file);
    expect(parseTableMetadata(serializeTableMetadata(metadata), file)).toEqual(metadata);
  }
});

it('logs as many versions as the table says', () => {
  const base = metadataFromUpdates([
    { action: 'assign-uuid', uuid: '9c12d441-03fe-4693-9a96-a0705ddf69c1' },
    { action: 'set-location', location: 'file:///w/t' },
    {
      action: 'add-schema',
      schema: {
        schemaId: 0,
        fields: [{ id: 1, name: 'a', required: false, type: 'int' }],
        identifierFieldIds: [],
      },
    },
    { action: 'set-current-schema', schemaId: -1 },
    {
      action: 'set-properties',
      updates: {
        'write.metadata.previous-versions-max': '2',
      },
    },
  ]);
  let metadata = base;
  for (const index of [0, 1, 2, 3]) metadata = applyUpdates(metadata, [], { metadataLocation: `m${index}` });
  expect(metadata.metadataLog.map((entry) => entry.metadataFile)).toEqual(['m2', 'm3']);
});
