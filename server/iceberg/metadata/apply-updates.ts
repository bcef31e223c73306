import { AppError } from '#shared/errors/app-error.ts';
import type { PartitionSpec } from '#shared/iceberg/partition.ts';
import { highestFieldId, type Schema } from '#shared/iceberg/schema.ts';
import type { Snapshot, SnapshotRef } from '#shared/iceberg/snapshot.ts';
import type { SortOrder } from '#shared/iceberg/sort-order.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import type { TableUpdate } from '#shared/iceberg/table-update.ts';
import { stringifyJson } from '#shared/util/json.ts';
import { currentSchema, snapshotById } from './lookup.ts';
import { assertSchema, assertSortOrder, assertSpec } from './validate.ts';

/** What "the last one added" (-1) stands for, while a list of updates is applied. */
interface Added {
  schemaId?: number;
  specId?: number;
  sortOrderId?: number;
}

const MAX_LOG_LENGTH = 100;

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
  const added: Added = {};
  let next = updates.reduce((current, update) => apply(current, update, added), metadata);
  const snapshotTimes = updates.map((update) =>
    update.action === 'add-snapshot' ? update.snapshot.timestampMs : 0,
  );
  next = {
    ...next,
    lastUpdatedMs: Math.max(metadata.lastUpdatedMs, options.now ?? Date.now(), ...snapshotTimes),
  };
  if (options.metadataLocation === null) return next;
  const logged = [
    ...metadata.metadataLog,
    { metadataFile: options.metadataLocation, timestampMs: metadata.lastUpdatedMs },
  ];
  return { ...next, metadataLog: logged.slice(-maxLogLength(next)) };
}

function maxLogLength(metadata: TableMetadata): number {
  const length = Number(metadata.properties['write.metadata.previous-versions-max'] ?? MAX_LOG_LENGTH);
  return Number.isInteger(length) && length >= 1 ? length : MAX_LOG_LENGTH;
}

function apply(metadata: TableMetadata, update: TableUpdate, added: Added): TableMetadata {
  switch (update.action) {
    case 'assign-uuid':
      return { ...metadata, tableUuid: update.uuid };
    case 'upgrade-format-version':
      if (update.formatVersion === metadata.formatVersion) return metadata;
      throw new AppError(
        'UNSUPPORTED',
        `The table at ${metadata.location} cannot be changed from format version ${metadata.formatVersion} to ${update.formatVersion} yet.`,
      );
    case 'add-schema':
      return addSchema(metadata, update.schema, added);
    case 'set-current-schema': {
      const schemaId = update.schemaId === -1 ? added.schemaId : update.schemaId;
      return { ...metadata, currentSchemaId: known(metadata.schemas, (s) => s.schemaId, schemaId, 'schema') };
    }
    case 'add-spec':
      return addSpec(metadata, update.spec, added);
    case 'set-default-spec': {
      const specId = update.specId === -1 ? added.specId : update.specId;
      return { ...metadata, defaultSpecId: known(metadata.partitionSpecs, (s) => s.specId, specId, 'spec') };
    }
    case 'add-sort-order':
      return addSortOrder(metadata, update.sortOrder, added);
    case 'set-default-sort-order': {
      const orderId = update.sortOrderId === -1 ? added.sortOrderId : update.sortOrderId;
      return {
        ...metadata,
        defaultSortOrderId: known(metadata.sortOrders, (o) => o.orderId, orderId, 'sort order'),
      };
    }
    case 'add-snapshot':
      return addSnapshot(metadata, update.snapshot);
    case 'set-snapshot-ref':
      return setRef(metadata, update.refName, update.ref);
    case 'remove-snapshot-ref':
      return removeRef(metadata, update.refName);
    case 'remove-snapshots':
      return removeSnapshots(metadata, new Set(update.snapshotIds));
    case 'set-location':
      return { ...metadata, location: update.location.replace(/\/+$/, '') };
    case 'set-properties':
      return { ...metadata, properties: { ...metadata.properties, ...update.updates } };
    case 'remove-properties': {
      const removed = new Set(update.removals);
      const kept = Object.entries(metadata.properties).filter(([name]) => !removed.has(name));
      return { ...metadata, properties: Object.fromEntries(kept) };
    }
    case 'set-statistics': {
      const others = metadata.statistics.filter((s) => s.snapshotId !== update.statistics.snapshotId);
      return { ...metadata, statistics: [...others, update.statistics] };
    }
    case 'remove-statistics':
      return {
        ...metadata,
        statistics: metadata.statistics.filter((s) => s.snapshotId !== update.snapshotId),
      };
    case 'set-partition-statistics': {
      const { snapshotId } = update.partitionStatistics;
      const others = metadata.partitionStatistics.filter((s) => s.snapshotId !== snapshotId);
      return { ...metadata, partitionStatistics: [...others, update.partitionStatistics] };
    }
    case 'remove-partition-statistics': {
      const kept = metadata.partitionStatistics.filter((s) => s.snapshotId !== update.snapshotId);
      return { ...metadata, partitionStatistics: kept };
    }
    case 'remove-partition-specs': {
      if (update.specIds.includes(metadata.defaultSpecId)) inUse('partition spec', metadata.defaultSpecId);
      const kept = metadata.partitionSpecs.filter((spec) => !update.specIds.includes(spec.specId));
      return { ...metadata, partitionSpecs: kept };
    }
    case 'remove-schemas': {
      if (update.schemaIds.includes(metadata.currentSchemaId)) inUse('schema', metadata.currentSchemaId);
      const kept = metadata.schemas.filter((schema) => !update.schemaIds.includes(schema.schemaId));
      return { ...metadata, schemas: kept };
    }
  }
}

function inUse(what: string, id: number): never {
  throw new AppError('INVALID_INPUT', `The ${what} ${id} is the one in use and cannot be removed.`);
}

function known<T>(
  items: readonly T[],
  idOf: (item: T) => number,
  id: number | undefined,
  what: string,
): number {
  const found = items.map(idOf).find((candidate) => candidate === id);
  if (found !== undefined) return found;
  throw new AppError('INVALID_INPUT', `The table has no ${what} ${id ?? 'added last'}.`);
}

/** An equal schema is used again rather than added twice. */
function addSchema(metadata: TableMetadata, schema: Schema, added: Added): TableMetadata {
  assertSchema(schema, metadata.formatVersion);
  const same = metadata.schemas.find((existing) =>
    equal({ ...existing, schemaId: 0 }, { ...schema, schemaId: 0 }),
  );
  added.schemaId = same?.schemaId ?? Math.max(...metadata.schemas.map((s) => s.schemaId)) + 1;
  if (same !== undefined) return metadata;
  return {
    ...metadata,
    lastColumnId: Math.max(metadata.lastColumnId, highestFieldId(schema)),
    schemas: [...metadata.schemas, { ...schema, schemaId: added.schemaId }],
  };
}

/** A field that an older spec had keeps its id, so that its values in old and new manifests are one field. */
function addSpec(
  metadata: TableMetadata,
  spec: Extract<TableUpdate, { action: 'add-spec' }>['spec'],
  added: Added,
): TableMetadata {
  assertSpec(spec.fields, currentSchema(metadata));
  const known = metadata.partitionSpecs.flatMap((existing) => existing.fields);
  let { lastPartitionId } = metadata;
  const fields = spec.fields.map((field) => {
    const same = known.find((k) => k.sourceId === field.sourceId && k.transform === field.transform);
    const fieldId = field.fieldId ?? same?.fieldId ?? lastPartitionId + 1;
    lastPartitionId = Math.max(lastPartitionId, fieldId);
    return { ...field, fieldId };
  });
  const same = metadata.partitionSpecs.find((existing) => equal(existing.fields, fields));
  added.specId = same?.specId ?? Math.max(...metadata.partitionSpecs.map((s) => s.specId)) + 1;
  if (same !== undefined) return metadata;
  const bound: PartitionSpec = { specId: added.specId, fields };
  return { ...metadata, lastPartitionId, partitionSpecs: [...metadata.partitionSpecs, bound] };
}

function addSortOrder(metadata: TableMetadata, order: SortOrder, added: Added): TableMetadata {
  assertSortOrder(order, currentSchema(metadata));
  const same = metadata.sortOrders.find((existing) => equal(existing.fields, order.fields));
  added.sortOrderId = same?.orderId ?? Math.max(0, ...metadata.sortOrders.map((o) => o.orderId)) + 1;
  if (same !== undefined) return metadata;
  return { ...metadata, sortOrders: [...metadata.sortOrders, { ...order, orderId: added.sortOrderId }] };
}

function addSnapshot(metadata: TableMetadata, snapshot: Snapshot): TableMetadata {
  if (metadata.snapshots.some((existing) => existing.snapshotId === snapshot.snapshotId)) {
    throw new AppError('INVALID_INPUT', `The table already has a snapshot ${snapshot.snapshotId}.`, {
      context: { snapshotId: snapshot.snapshotId },
    });
  }
  const parentless = snapshot.parentSnapshotId === undefined;
  if (metadata.formatVersion > 1 && snapshot.sequenceNumber <= metadata.lastSequenceNumber && !parentless) {
    throw new AppError(
      'INVALID_INPUT',
      `The snapshot ${snapshot.snapshotId} has sequence number ${snapshot.sequenceNumber}, but the table is at ${metadata.lastSequenceNumber}.`,
      { context: { snapshotId: snapshot.snapshotId } },
    );
  }
  const { sequenceNumber } = snapshot;
  return {
    ...metadata,
    snapshots: [...metadata.snapshots, snapshot],
    lastSequenceNumber:
      sequenceNumber > metadata.lastSequenceNumber ? sequenceNumber : metadata.lastSequenceNumber,
  };
}

function setRef(metadata: TableMetadata, name: string, ref: SnapshotRef): TableMetadata {
  const snapshot = snapshotById(metadata, ref.snapshotId);
  const refs = { ...metadata.refs, [name]: ref };
  if (name !== 'main') return { ...metadata, refs };
  if (metadata.currentSnapshotId === ref.snapshotId) return { ...metadata, refs };
  // A snapshot that is current again (rollback) is logged at the time it is made so, not at its own.
  const isNew = metadata.snapshots.at(-1) === snapshot;
  const timestampMs = isNew ? snapshot.timestampMs : Math.max(Date.now(), metadata.lastUpdatedMs);
  return {
    ...metadata,
    refs,
    currentSnapshotId: ref.snapshotId,
    snapshotLog: [...metadata.snapshotLog, { snapshotId: ref.snapshotId, timestampMs }],
  };
}

function removeRef(metadata: TableMetadata, name: string): TableMetadata {
  const refs = Object.fromEntries(Object.entries(metadata.refs).filter(([other]) => other !== name));
  if (name !== 'main') return { ...metadata, refs };
  const { currentSnapshotId: _, ...rest } = metadata;
  return { ...rest, refs };
}

/** The log is cut where a removed snapshot was, as the spec asks: time travel must not skip over it. */
function removeSnapshots(metadata: TableMetadata, ids: ReadonlySet<bigint>): TableMetadata {
  const lastRemoved = metadata.snapshotLog.findLastIndex((entry) => ids.has(entry.snapshotId));
  const refs = Object.entries(metadata.refs).filter(([, ref]) => !ids.has(ref.snapshotId));
  if (metadata.currentSnapshotId !== undefined && ids.has(metadata.currentSnapshotId)) {
    throw new AppError(
      'INVALID_INPUT',
      `Snapshot ${metadata.currentSnapshotId} is current and cannot be removed.`,
    );
  }
  return {
    ...metadata,
    refs: Object.fromEntries(refs),
    snapshots: metadata.snapshots.filter((snapshot) => !ids.has(snapshot.snapshotId)),
    snapshotLog: metadata.snapshotLog.slice(lastRemoved + 1),
    statistics: metadata.statistics.filter((file) => !ids.has(file.snapshotId)),
    partitionStatistics: metadata.partitionStatistics.filter((file) => !ids.has(file.snapshotId)),
  };
}

/** Values of plain JSON shape whose members are made in one order. */
function equal(a: unknown, b: unknown): boolean {
  return stringifyJson(a) === stringifyJson(b);
}
