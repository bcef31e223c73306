import { AppError } from '#shared/errors/app-error.ts';
import type { PartitionSpec } from '#shared/iceberg/partition.ts';
import type { Schema } from '#shared/iceberg/schema.ts';
import type { Snapshot } from '#shared/iceberg/snapshot.ts';
import type { SortOrder } from '#shared/iceberg/sort-order.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';

export function currentSchema(metadata: TableMetadata): Schema {
  return schemaById(metadata, metadata.currentSchemaId);
}

export function schemaById(metadata: TableMetadata, schemaId: number): Schema {
  const found = metadata.schemas.find((schema) => schema.schemaId === schemaId);
  return found ?? missing(metadata, `schema ${schemaId}`);
}

export function defaultSpec(metadata: TableMetadata): PartitionSpec {
  return specById(metadata, metadata.defaultSpecId);
}

export function specById(metadata: TableMetadata, specId: number): PartitionSpec {
  const found = metadata.partitionSpecs.find((spec) => spec.specId === specId);
  return found ?? missing(metadata, `partition spec ${specId}`);
}

export function defaultSortOrder(metadata: TableMetadata): SortOrder {
  const found = metadata.sortOrders.find((order) => order.orderId === metadata.defaultSortOrderId);
  return found ?? missing(metadata, `sort order ${metadata.defaultSortOrderId}`);
}

function missing(metadata: TableMetadata, what: string): never {
  throw new AppError(
    'CORRUPT_METADATA',
    `The metadata of the table at ${metadata.location} has no ${what}.`,
    {
      context: { location: metadata.location },
    },
  );
}

export function currentSnapshot(metadata: TableMetadata): Snapshot | undefined {
  const id = metadata.currentSnapshotId;
  return id === undefined ? undefined : metadata.snapshots.find((snapshot) => snapshot.snapshotId === id);
}

/** @throws SNAPSHOT_NOT_FOUND, with the newest snapshots there are in its context. */
export function snapshotById(metadata: TableMetadata, snapshotId: bigint): Snapshot {
  const found = metadata.snapshots.find((snapshot) => snapshot.snapshotId === snapshotId);
  if (found !== undefined) return found;
  const newest = metadata.snapshots.slice(-5).reverse();
  throw new AppError(
    'SNAPSHOT_NOT_FOUND',
    newest.length === 0
      ? `The table at ${metadata.location} has no snapshot ${snapshotId}; it has none yet.`
      : `The table at ${metadata.location} has no snapshot ${snapshotId}; its newest are ${newest.map((s) => s.snapshotId).join(', ')}.`,
    { context: { snapshotId, snapshots: newest.map((s) => s.snapshotId) } },
  );
}

/**
 * The snapshot that a branch or tag inside the table points at; undefined for a `main` that has none yet.
 *
 * @throws REF_NOT_FOUND, with the table's refs in its context.
 */
export function snapshotByRef(metadata: TableMetadata, name: string): Snapshot | undefined {
  const ref = Object.hasOwn(metadata.refs, name) ? metadata.refs[name] : undefined;
  if (ref !== undefined) return snapshotById(metadata, ref.snapshotId);
  if (name === 'main') return undefined;
  const names = Object.keys(metadata.refs);
  throw new AppError(
    'REF_NOT_FOUND',
    `The table at ${metadata.location} has no branch or tag '${name}'; it has ${names.join(', ') || 'none'}.`,
    { context: { ref: name, refs: names } },
  );
}

/** The snapshot that was current at a time; undefined where the table had none yet. */
export function snapshotAsOf(metadata: TableMetadata, timestampMs: number): Snapshot | undefined {
  const entry = metadata.snapshotLog.findLast((entry) => entry.timestampMs <= timestampMs);
  return entry === undefined ? undefined : metadata.snapshots.find((s) => s.snapshotId === entry.snapshotId);
}

/** The schema that a snapshot was written with; the current one where the snapshot does not say. */
export function schemaOfSnapshot(metadata: TableMetadata, snapshot: Snapshot | undefined): Schema {
  const id = snapshot?.schemaId;
  return metadata.schemas.find((schema) => schema.schemaId === id) ?? currentSchema(metadata);
}

/**
 * The table as it was at one of its snapshots: that snapshot is current, with the schema it was written with;
 * the log ends there.
 */
export function metadataAtSnapshot(metadata: TableMetadata, snapshotId: bigint): TableMetadata {
  const snapshot = snapshotById(metadata, snapshotId);
  const logged = metadata.snapshotLog.findLastIndex((entry) => entry.snapshotId === snapshotId);
  return {
    ...metadata,
    currentSnapshotId: snapshotId,
    currentSchemaId: schemaOfSnapshot(metadata, snapshot).schemaId,
    snapshotLog: metadata.snapshotLog.slice(0, logged + 1),
    refs: { ...metadata.refs, main: { ...metadata.refs['main'], snapshotId, type: 'branch' } },
  };
}
