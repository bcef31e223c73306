import type { SnapshotRef } from '#shared/iceberg/snapshot.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import type { TableChange, TableUpdate } from '#shared/iceberg/table-update.ts';
import { stringifyJson } from '#shared/util/json.ts';
import { requirementsFor } from '../metadata/update-requirements.ts';
import { MAIN } from '../transaction/snapshot-history.ts';

/**
 * Makes a table what an older version of it was, by updates on top of what it is: rows, columns, partitioning, sort
 * order and properties. Ids go on growing, and what came between stays in its history.
 *
 * @returns null where the table no longer has what that version had (an expired snapshot, a removed schema)
 */
export function restoreVersion(now: TableMetadata, then: TableMetadata): TableChange | null {
  const snapshot = now.snapshots.some(({ snapshotId }) => snapshotId === then.currentSnapshotId);
  if (!snapshot && then.currentSnapshotId !== undefined) return null;
  if (!hasDefinitions(now, then)) return null;
  const updates = [
    ...(now.currentSchemaId === then.currentSchemaId
      ? []
      : [{ action: 'set-current-schema', schemaId: then.currentSchemaId } as const]),
    ...(now.defaultSpecId === then.defaultSpecId
      ? []
      : [{ action: 'set-default-spec', specId: then.defaultSpecId } as const]),
    ...(now.defaultSortOrderId === then.defaultSortOrderId
      ? []
      : [{ action: 'set-default-sort-order', sortOrderId: then.defaultSortOrderId } as const]),
    ...propertyUpdates(now.properties, then.properties),
    ...mainUpdates(now, then.currentSnapshotId),
  ];
  return { updates, requirements: requirementsFor(now, updates) };
}

/** Whether the ids mean the same in both: another line of history may have given them to something else. */
function hasDefinitions(now: TableMetadata, then: TableMetadata): boolean {
  const definitions = ({ schemas, partitionSpecs, sortOrders }: TableMetadata) =>
    stringifyJson([
      schemas.find(({ schemaId }) => schemaId === then.currentSchemaId) ?? null,
      partitionSpecs.find(({ specId }) => specId === then.defaultSpecId) ?? null,
      sortOrders.find(({ orderId }) => orderId === then.defaultSortOrderId) ?? null,
    ]);
  return definitions(now) === definitions(then);
}

function propertyUpdates(
  now: Readonly<Record<string, string>>,
  then: Readonly<Record<string, string>>,
): readonly TableUpdate[] {
  const removals = Object.keys(now).filter((name) => !Object.hasOwn(then, name));
  const changed = Object.entries(then).filter(([name, value]) => now[name] !== value);
  return [
    ...(removals.length === 0 ? [] : [{ action: 'remove-properties', removals } as const]),
    ...(changed.length === 0
      ? []
      : [{ action: 'set-properties', updates: Object.fromEntries(changed) } as const]),
  ];
}

function mainUpdates(now: TableMetadata, snapshotId: bigint | undefined): readonly TableUpdate[] {
  if (now.currentSnapshotId === snapshotId) return [];
  if (snapshotId === undefined) return [{ action: 'remove-snapshot-ref', refName: MAIN }];
  const ref: SnapshotRef = { ...now.refs[MAIN], snapshotId, type: 'branch' };
  return [{ action: 'set-snapshot-ref', refName: MAIN, ref }];
}
