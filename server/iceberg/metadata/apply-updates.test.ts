import { describe, expect, it } from 'vitest';
import { schemaFromColumns } from '#shared/iceberg/duckdb-types.ts';
import type { Schema } from '#shared/iceberg/schema.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import type { TableUpdate } from '#shared/iceberg/table-update.ts';
import { applyUpdates } from './apply-updates.ts';
import { createTableMetadata } from './create.ts';
import { currentSchema, metadataAtSnapshot, snapshotAsOf, snapshotById } from './lookup.ts';
import { assertRequirements } from './requirements.ts';

const schema = schemaFromColumns([
  { name: 'id', sqlType: 'BIGINT' },
  { name: 'at', sqlType: 'TIMESTAMP' },
]);
const empty = createTableMetadata({ location: 'file:///w/t/', schema, now: 1000 });
const apply = (metadata: TableMetadata, updates: readonly TableUpdate[], now = 2000) =>
  applyUpdates(metadata, updates, { metadataLocation: 'file:///w/t/metadata/0.metadata.json', now });

const commit = (metadata: TableMetadata, snapshotId: bigint, timestampMs: number, schemaId = 0) =>
  apply(
    metadata,
    [
      {
        action: 'add-snapshot',
        snapshot: {
          snapshotId,
          sequenceNumber: metadata.lastSequenceNumber + 1n,
          timestampMs,
          summary: { operation: 'append' },
          manifestList: `l${snapshotId}`,
          schemaId,
          ...(metadata.currentSnapshotId === undefined
            ? {}
            : { parentSnapshotId: metadata.currentSnapshotId }),
        },
      },
      { action: 'set-snapshot-ref', refName: 'main', ref: { snapshotId, type: 'branch' } },
    ],
    timestampMs,
  );

describe('applyUpdates', () => {
  it('adds a schema and makes it current', () => {
    const wider: Schema = {
      ...schema,
      fields: [...schema.fields, { id: 3, name: 'note', required: false, type: 'string' }],
    };
    const next = apply(empty, [
      { action: 'add-schema', schema: wider },
      { action: 'set-current-schema', schemaId: -1 },
    ]);
    expect(currentSchema(next)).toEqual({ ...wider, schemaId: 1 });
    expect(next.lastColumnId).toBe(3);
    const again = apply(next, [
      { action: 'add-schema', schema },
      { action: 'set-current-schema', schemaId: -1 },
    ]);
    expect(again.currentSchemaId).toBe(0);
    expect(again.schemas).toHaveLength(2);
  });

  it('gives a partition field the id it had in an older spec', () => {
    const fields = [{ sourceId: 2, name: 'at_day', transform: 'day' }];
    const first = apply(empty, [
      { action: 'add-spec', spec: { fields } },
      { action: 'set-default-spec', specId: -1 },
    ]);
    expect(first.partitionSpecs[1]).toMatchObject({ specId: 1, fields: [{ fieldId: 1000, name: 'at_day' }] });
    const bucket = { sourceId: 1, name: 'id_bucket', transform: 'bucket[4]' };
    const second = apply(first, [{ action: 'add-spec', spec: { fields: [bucket, ...fields] } }]);
    expect(second.partitionSpecs[2]?.fields.map((field) => field.fieldId)).toEqual([1001, 1000]);
    expect(second.lastPartitionId).toBe(1001);
  });

  it('logs the version it came from, up to what the table keeps', () => {
    let metadata = apply(empty, [
      { action: 'set-properties', updates: { 'write.metadata.previous-versions-max': '2', a: '1' } },
    ]);
    for (let i = 0; i < 5; i += 1)
      metadata = apply(metadata, [{ action: 'remove-properties', removals: ['a'] }], 3000 + i);
    expect(metadata.metadataLog.map((entry) => entry.timestampMs)).toEqual([3002, 3003]);
    expect(metadata.properties).toEqual({ 'write.metadata.previous-versions-max': '2' });
    expect(metadata.lastUpdatedMs).toBe(3004);
  });

  it('never lets time run backwards', () => {
    expect(apply(apply(empty, [], 5000), [], 10).lastUpdatedMs).toBe(5000);
  });

  it('removes snapshots with what hangs on them, but not the current one', () => {
    const three = commit(commit(commit(empty, 1n, 2000), 2n, 3000), 3n, 4000);
    const less = apply(three, [{ action: 'remove-snapshots', snapshotIds: [1n, 2n] }]);
    expect(less.snapshots.map((snapshot) => snapshot.snapshotId)).toEqual([3n]);
    expect(less.snapshotLog.map((entry) => entry.snapshotId)).toEqual([3n]);
    expect(() => apply(three, [{ action: 'remove-snapshots', snapshotIds: [3n] }])).toThrow('is current');
  });

  it.each<[string, TableUpdate]>([
    ['no schema 9', { action: 'set-current-schema', schemaId: 9 }],
    ['no schema added last', { action: 'set-current-schema', schemaId: -1 }],
    ['no partition spec 4', { action: 'set-default-spec', specId: 4 }],
    [
      'no snapshot 5',
      { action: 'set-snapshot-ref', refName: 'main', ref: { snapshotId: 5n, type: 'branch' } },
    ],
    ['cannot go back to 1', { action: 'upgrade-format-version', formatVersion: 1 }],
    ['is the one in use', { action: 'remove-schemas', schemaIds: [0] }],
    ["'hour'", { action: 'add-spec', spec: { fields: [{ sourceId: 1, name: 'x', transform: 'hour' }] } }],
    [
      'field 7 is none',
      { action: 'add-spec', spec: { fields: [{ sourceId: 7, name: 'x', transform: 'hour' }] } },
    ],
    [
      "'n' is timestamp_ns",
      {
        action: 'add-schema',
        schema: { ...schema, fields: [{ id: 3, name: 'n', required: false, type: 'timestamp_ns' }] },
      },
    ],
  ])('refuses what does not fit: %s', (message, update) => {
    expect(() => apply(empty, [update])).toThrow(message);
  });
});

describe('time travel', () => {
  const evolved = apply(commit(empty, 1n, 2000), [
    { action: 'add-schema', schema: { ...schema, fields: schema.fields.slice(0, 1) } },
    { action: 'set-current-schema', schemaId: -1 },
  ]);
  const metadata = commit(evolved, 2n, 3000, 1);

  it('finds what was current at a time', () => {
    expect([1999, 2000, 2999, 3000].map((time) => snapshotAsOf(metadata, time)?.snapshotId)).toEqual([
      undefined,
      1n,
      1n,
      2n,
    ]);
  });

  it('gives the table as it was, with its schema then', () => {
    const then = metadataAtSnapshot(metadata, 1n);
    expect(then.currentSnapshotId).toBe(1n);
    expect(currentSchema(then).fields).toHaveLength(2);
    expect(then.snapshotLog).toHaveLength(1);
    expect(currentSchema(metadata).fields).toHaveLength(1);
  });

  it('says which snapshots there are', () => {
    expect(() => snapshotById(metadata, 9n)).toThrow('no snapshot 9; its newest are 2, 1.');
  });
});

describe('requirements', () => {
  const metadata = commit(empty, 1n, 2000);

  it('that hold pass', () => {
    assertRequirements(null, [{ type: 'assert-create' }]);
    assertRequirements(metadata, [
      { type: 'assert-table-uuid', uuid: metadata.tableUuid.toUpperCase() },
      { type: 'assert-ref-snapshot-id', ref: 'main', snapshotId: 1n },
      { type: 'assert-ref-snapshot-id', ref: 'other', snapshotId: null },
      { type: 'assert-last-assigned-field-id', lastAssignedFieldId: 2 },
      { type: 'assert-current-schema-id', currentSchemaId: 0 },
      { type: 'assert-last-assigned-partition-id', lastAssignedPartitionId: 999 },
      { type: 'assert-default-spec-id', defaultSpecId: 0 },
      { type: 'assert-default-sort-order-id', defaultSortOrderId: 0 },
    ]);
  });

  it('that do not hold are conflicts', () => {
    const conflict = (message: string) =>
      expect.objectContaining({ code: 'COMMIT_CONFLICT', message: expect.stringContaining(message) });
    expect(() => assertRequirements(metadata, [{ type: 'assert-create' }])).toThrow(
      conflict('it exists already'),
    );
    expect(() => assertRequirements(null, [{ type: 'assert-table-uuid', uuid: 'x' }])).toThrow(
      conflict('does not exist'),
    );
    expect(() =>
      assertRequirements(metadata, [{ type: 'assert-ref-snapshot-id', ref: 'main', snapshotId: 4n }]),
    ).toThrow(conflict("the snapshot of 'main' is 1, not 4"));
  });
});
