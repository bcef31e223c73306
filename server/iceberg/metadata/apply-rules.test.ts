import { describe, expect, it } from 'vitest';
import { schemaFromColumns } from '#shared/iceberg/duckdb-types.ts';
import type { Snapshot } from '#shared/iceberg/snapshot.ts';
import type { FormatVersion, TableMetadata } from '#shared/iceberg/table-metadata.ts';
import type { TableUpdate } from '#shared/iceberg/table-update.ts';
import { applyUpdates, metadataFromUpdates } from './apply-updates.ts';
import { createTableMetadata } from './create.ts';
import { requirementsFor } from './update-requirements.ts';

const schema = schemaFromColumns([
  { name: 'id', sqlType: 'BIGINT' },
  { name: 'at', sqlType: 'TIMESTAMP' },
]);
const table = (formatVersion: FormatVersion = 2): TableMetadata =>
  createTableMetadata({ location: 'file:///w/t', schema, formatVersion, now: 1000 });
const apply = (metadata: TableMetadata, updates: readonly TableUpdate[], now = 2000) =>
  applyUpdates(metadata, updates, { metadataLocation: null, now });
const add = (snapshotId: bigint, more: Partial<Snapshot> = {}): TableUpdate => ({
  action: 'add-snapshot',
  snapshot: {
    snapshotId,
    sequenceNumber: snapshotId,
    timestampMs: 1000 + Number(snapshotId),
    summary: { operation: 'append' },
    manifestList: `l${snapshotId}`,
    ...more,
  },
});
const main = (snapshotId: bigint): TableUpdate => ({
  action: 'set-snapshot-ref',
  refName: 'main',
  ref: { snapshotId, type: 'branch' },
});

describe('row lineage (format version 3)', () => {
  it('gives every row an id of its own', () => {
    const one = apply(table(3), [add(1n, { firstRowId: 0n, addedRows: 10n })]);
    expect(one.nextRowId).toBe(10n);
    const two = apply(one, [add(2n, { parentSnapshotId: 1n, firstRowId: 15n, addedRows: 5n })]);
    expect(two.nextRowId).toBe(20n);
  });

  it.each([
    ['need its first-row-id', { addedRows: 1n }],
    ['need its first-row-id', { firstRowId: 10n }],
    ['rows up to 10 have ids already', { firstRowId: 9n, addedRows: 1n }],
    ['its added-rows is -1', { firstRowId: 10n, addedRows: -1n }],
  ])('refuses: %s', (message, lineage) => {
    const one = apply(table(3), [add(1n, { firstRowId: 0n, addedRows: 10n })]);
    expect(() => apply(one, [add(2n, { parentSnapshotId: 1n, ...lineage })])).toThrow(message);
  });
});

describe('the format version', () => {
  it('goes up, with what each version adds', () => {
    const v1 = { ...table(1), tableUuid: '' };
    const v2 = apply(v1, [{ action: 'upgrade-format-version', formatVersion: 2 }]);
    expect(v2.formatVersion).toBe(2);
    expect(v2.tableUuid).toMatch(/^[0-9a-f-]{36}$/);
    expect(v2).not.toHaveProperty('nextRowId');
    expect(
      apply(v2, [{ action: 'set-properties', updates: { 'format-version': '3', a: '1' } }]),
    ).toMatchObject({
      formatVersion: 3,
      nextRowId: 0n,
      properties: { a: '1' },
    });
  });

  it('decides what columns may be', () => {
    const wider = {
      ...schema,
      fields: [...schema.fields, { id: 3, name: 'n', required: false, type: 'timestamp_ns' }],
    };
    expect(() => apply(table(2), [{ action: 'add-schema', schema: wider }])).toThrow('cannot hold');
    expect(
      apply(table(2), [
        { action: 'upgrade-format-version', formatVersion: 3 },
        { action: 'add-schema', schema: wider },
      ]).lastColumnId,
    ).toBe(3);
  });
});

describe('the snapshot log', () => {
  it('skips what was current only within one commit', () => {
    const next = apply(table(), [add(1n), main(1n), add(2n, { parentSnapshotId: 1n }), main(2n)]);
    expect(next.snapshotLog).toEqual([{ snapshotId: 2n, timestampMs: 1002 }]);
    expect(next.snapshots).toHaveLength(2);
  });

  it('ends with the branch main', () => {
    const one = apply(table(), [add(1n), main(1n)]);
    const replaced = apply(one, [{ action: 'remove-snapshot-ref', refName: 'main' }]);
    expect(replaced).toMatchObject({ snapshotLog: [], refs: {} });
    expect(replaced).not.toHaveProperty('currentSnapshotId');
  });
});

describe('what stands in the way', () => {
  it.each<[string, readonly TableUpdate[]]>([
    [
      "'uuid', 'snapshot-count' cannot be set",
      [{ action: 'set-properties', updates: { uuid: 'x', 'snapshot-count': '1' } }],
    ],
    ['write 1, 2 or 3', [{ action: 'set-properties', updates: { 'format-version': 'two' } }]],
    ['for good', [{ action: 'assign-uuid', uuid: '9c12d441-03fe-4693-9a96-a0705ddf69c1' }]],
    ['is no UUID', [{ action: 'assign-uuid', uuid: 'x' }]],
    ['need format version 3', [{ action: 'add-encryption-key', encryptionKey: { 'key-id': 'a' } }]],
    [
      "'main' is always a branch",
      [add(1n), { action: 'set-snapshot-ref', refName: 'main', ref: { snapshotId: 1n, type: 'tag' } }],
    ],
    [
      'limits must be above 0',
      [
        add(1n),
        { action: 'set-snapshot-ref', refName: 'b', ref: { snapshotId: 1n, type: 'branch', maxRefAgeMs: 0 } },
      ],
    ],
    ['already has a snapshot', [add(1n), add(1n)]],
    [
      'sequence number is 1, but the table is at 1',
      [add(1n), add(2n, { sequenceNumber: 1n, parentSnapshotId: 1n })],
    ],
    [
      'field 2 is none',
      [
        { action: 'add-spec', spec: { fields: [{ sourceId: 2, name: 'd', transform: 'day' }] } },
        { action: 'set-default-spec', specId: -1 },
        { action: 'add-schema', schema: { ...schema, fields: schema.fields.slice(0, 1) } },
        { action: 'set-current-schema', schemaId: -1 },
      ],
    ],
    [
      "is that of 'd' in another spec",
      [
        { action: 'add-spec', spec: { fields: [{ sourceId: 2, name: 'd', transform: 'day' }] } },
        {
          action: 'add-spec',
          spec: { fields: [{ sourceId: 1, fieldId: 1000, name: 'b', transform: 'bucket[2]' }] },
        },
      ],
    ],
    [
      'used twice',
      [
        {
          action: 'add-schema',
          schema: {
            ...schema,
            fields: [...schema.fields, { id: 3, name: 'id', required: false, type: 'int' }],
          },
        },
      ],
    ],
    ['it may be null', [{ action: 'add-schema', schema: { ...schema, identifierFieldIds: [1] } }]],
  ])('%s', (message, updates) => {
    expect(() => apply(table(), updates)).toThrow(message);
  });
});

it('keys are added once and removed', () => {
  const key = { 'key-id': 'a', 'encrypted-key-metadata': 'eA==' };
  const one = apply(table(3), [
    { action: 'add-encryption-key', encryptionKey: key },
    { action: 'add-encryption-key', encryptionKey: key },
  ]);
  expect(one.encryptionKeys).toEqual([key]);
  expect(() => apply(one, [{ action: 'add-encryption-key', encryptionKey: { 'key-id': 'a' } }])).toThrow(
    'another',
  );
  expect(apply(one, [{ action: 'remove-encryption-key', keyId: 'a' }])).not.toHaveProperty('encryptionKeys');
});

describe('a table made of updates', () => {
  const creation: readonly TableUpdate[] = [
    { action: 'assign-uuid', uuid: '9c12d441-03fe-4693-9a96-a0705ddf69c1' },
    { action: 'upgrade-format-version', formatVersion: 1 },
    { action: 'add-schema', schema },
    { action: 'set-current-schema', schemaId: -1 },
    { action: 'add-spec', spec: { fields: [{ sourceId: 2, fieldId: 1000, name: 'd', transform: 'day' }] } },
    { action: 'set-default-spec', specId: -1 },
    { action: 'add-sort-order', sortOrder: { orderId: 1, fields: [] } },
    { action: 'set-default-sort-order', sortOrderId: -1 },
    { action: 'set-location', location: 'file:///w/t' },
  ];

  it('is whole, of the version that was asked for', () => {
    expect(metadataFromUpdates(creation, { now: 5 })).toMatchObject({
      formatVersion: 1,
      currentSchemaId: 0,
      defaultSpecId: 0,
      lastPartitionId: 1000,
      defaultSortOrderId: 0,
      lastUpdatedMs: 5,
    });
    const unpartitioned = metadataFromUpdates(creation.filter(({ action }) => !action.includes('spec')));
    expect(unpartitioned.partitionSpecs).toEqual([{ specId: 0, fields: [] }]);
  });

  it('or says what is missing', () => {
    expect(() => metadataFromUpdates(creation.slice(0, 2))).toThrow('they lack a schema, a location');
    expect(() => metadataFromUpdates([add(1n)])).toThrow('no schema yet');
  });
});

it('requirements are those that the updates rest on', () => {
  const base = apply(table(), [add(1n), main(1n)]);
  expect(
    requirementsFor(base, [
      { action: 'add-schema', schema },
      { action: 'set-current-schema', schemaId: -1 },
      { action: 'remove-snapshots', snapshotIds: [] },
      { action: 'set-properties', updates: {} },
    ]),
  ).toEqual([
    { type: 'assert-table-uuid', uuid: base.tableUuid },
    { type: 'assert-last-assigned-field-id', lastAssignedFieldId: 2 },
    { type: 'assert-current-schema-id', currentSchemaId: 0 },
    { type: 'assert-ref-snapshot-id', ref: 'main', snapshotId: 1n },
  ]);
});
