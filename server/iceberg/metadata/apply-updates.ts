import { AppError } from '#shared/errors/app-error.ts';
import { FIRST_PARTITION_FIELD_ID, UNPARTITIONED } from '#shared/iceberg/partition.ts';
import { UNSORTED } from '#shared/iceberg/sort-order.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import type { TableUpdate } from '#shared/iceberg/table-update.ts';
import { addSchema, addSortOrder, addSpec, removeSchemas, removeSpecs, setCurrent } from './apply-schema.ts';
import { addSnapshot, removeRef, removeSnapshots, setRef, settleSnapshotLog } from './apply-snapshot.ts';
import {
  addEncryptionKey,
  assignUuid,
  removeEncryptionKey,
  removeProperties,
  setProperties,
  upgradeFormatVersion,
  withoutStatistics,
} from './apply-table.ts';
import type { Draft } from './draft.ts';
import { currentSchema, defaultSortOrder, defaultSpec } from './lookup.ts';
import { logVersion } from './metadata-log.ts';
import { assertSortOrder, assertSpec } from './validate.ts';

/**
 * The next version of a table's metadata.
 *
 * @param metadata the version the updates are made on, at `metadataLocation` (null while it is not written)
 * @param now milliseconds since 1970; time never runs backwards from one version to the next
 * @throws INVALID_INPUT when an update does not fit the table; SNAPSHOT_NOT_FOUND; UNSUPPORTED.
 */
export function applyUpdates(
  metadata: TableMetadata,
  updates: readonly TableUpdate[],
  options: { readonly metadataLocation: string | null; readonly now?: number },
): TableMetadata {
  const next = applyAll(metadata, updates, options.now ?? Date.now());
  return options.metadataLocation === null
    ? next
    : logVersion(next, options.metadataLocation, metadata.lastUpdatedMs);
}

/**
 * The first metadata of a table that a client describes by updates alone: what a staged create of the REST
 * protocol commits.
 *
 * @throws INVALID_INPUT when updates do not make a whole table (a schema, a location, a UUID), or do not fit
 */
export function metadataFromUpdates(
  updates: readonly TableUpdate[],
  options: { readonly now?: number } = {},
): TableMetadata {
  const now = options.now ?? Date.now();
  const described = applyAll({ ...NOTHING, lastUpdatedMs: 0 }, updates, now);
  const missing = [
    ...(described.schemas.length === 0 ? ['a schema'] : []),
    ...(described.location === '' ? ['a location'] : []),
    ...(described.tableUuid === '' ? ['a UUID'] : []),
  ];
  if (missing.length > 0) {
    throw new AppError('INVALID_INPUT', `The updates make no table: they lack ${missing.join(', ')}.`);
  }
  return described;
}

const NOTHING: Omit<TableMetadata, 'lastUpdatedMs'> = {
  formatVersion: 2,
  tableUuid: '',
  location: '',
  lastSequenceNumber: 0n,
  lastColumnId: 0,
  schemas: [],
  currentSchemaId: -1,
  partitionSpecs: [],
  defaultSpecId: UNPARTITIONED.specId,
  lastPartitionId: FIRST_PARTITION_FIELD_ID - 1,
  sortOrders: [UNSORTED],
  defaultSortOrderId: UNSORTED.orderId,
  properties: {},
  snapshots: [],
  snapshotLog: [],
  metadataLog: [],
  refs: {},
  statistics: [],
  partitionStatistics: [],
};

function applyAll(metadata: TableMetadata, updates: readonly TableUpdate[], time: number): TableMetadata {
  const now = Math.max(metadata.lastUpdatedMs, time);
  const draft: Draft = { now, addedSnapshots: new Set(), added: {} };
  const applied = updates.reduce((current, update) => apply(current, update, draft), metadata);
  const next = settleSnapshotLog(withDefaultSpec(applied), draft);
  if (next.schemas.length > 0 && next.currentSchemaId !== -1) assertWhole(metadata, next);
  const lastUpdatedMs = Math.max(
    now,
    ...updates.map((update) => (update.action === 'add-snapshot' ? update.snapshot.timestampMs : 0)),
  );
  return { ...next, lastUpdatedMs };
}

/** A client that describes a new table need not say that it is unpartitioned. */
function withDefaultSpec(metadata: TableMetadata): TableMetadata {
  return metadata.partitionSpecs.length > 0 ? metadata : { ...metadata, partitionSpecs: [UNPARTITIONED] };
}

/** The spec and the order that writers go by must fit the schema that they go by; older ones need not. */
function assertWhole(before: TableMetadata, after: TableMetadata): void {
  const schema = currentSchema(after);
  const schemaIsNew = before.currentSchemaId !== after.currentSchemaId;
  if (schemaIsNew || before.defaultSpecId !== after.defaultSpecId)
    assertSpec(defaultSpec(after).fields, schema);
  if (schemaIsNew || before.defaultSortOrderId !== after.defaultSortOrderId)
    assertSortOrder(defaultSortOrder(after), schema);
}

function apply(metadata: TableMetadata, update: TableUpdate, draft: Draft): TableMetadata {
  switch (update.action) {
    case 'assign-uuid':
      return assignUuid(metadata, update.uuid);
    case 'upgrade-format-version':
      return upgradeFormatVersion(metadata, update.formatVersion);
    case 'add-schema':
      return addSchema(metadata, update.schema, draft, update.lastColumnId);
    case 'set-current-schema':
      return setCurrent(metadata, 'schema', update.schemaId, draft);
    case 'add-spec':
      return addSpec(metadata, update.spec, draft);
    case 'set-default-spec':
      return setCurrent(metadata, 'partition spec', update.specId, draft);
    case 'add-sort-order':
      return addSortOrder(metadata, update.sortOrder, draft);
    case 'set-default-sort-order':
      return setCurrent(metadata, 'sort order', update.sortOrderId, draft);
    case 'add-snapshot':
      return addSnapshot(metadata, update.snapshot, draft);
    case 'set-snapshot-ref':
      return setRef(metadata, update.refName, update.ref, draft);
    case 'remove-snapshot-ref':
      return removeRef(metadata, update.refName);
    case 'remove-snapshots':
      return removeSnapshots(metadata, new Set(update.snapshotIds));
    case 'set-location':
      return { ...metadata, location: update.location.replace(/\/+$/, '') };
    case 'set-properties':
      return setProperties(metadata, update.updates);
    case 'remove-properties':
      return removeProperties(metadata, update.removals);
    case 'set-statistics': {
      const rest = withoutStatistics(metadata, 'statistics', update.statistics.snapshotId);
      return { ...rest, statistics: [...rest.statistics, update.statistics] };
    }
    case 'remove-statistics':
      return withoutStatistics(metadata, 'statistics', update.snapshotId);
    case 'set-partition-statistics': {
      const file = update.partitionStatistics;
      const rest = withoutStatistics(metadata, 'partitionStatistics', file.snapshotId);
      return { ...rest, partitionStatistics: [...rest.partitionStatistics, file] };
    }
    case 'remove-partition-statistics':
      return withoutStatistics(metadata, 'partitionStatistics', update.snapshotId);
    case 'remove-partition-specs':
      return removeSpecs(metadata, update.specIds);
    case 'remove-schemas':
      return removeSchemas(metadata, update.schemaIds);
    case 'add-encryption-key':
      return addEncryptionKey(metadata, update.encryptionKey);
    case 'remove-encryption-key':
      return removeEncryptionKey(metadata, update.keyId);
  }
}
