import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import type { TableRequirement, TableUpdate } from '#shared/iceberg/table-update.ts';

/**
 * What must still hold of a table for updates made on it to mean the same when they land: an id that a schema
 * or spec takes must still be free, and a ref must still be where the update moves it from.
 */
export function requirementsFor(
  base: TableMetadata,
  updates: readonly TableUpdate[],
): readonly TableRequirement[] {
  const found = new Map<string, TableRequirement>();
  // v1 tables need not have one.
  if (base.tableUuid !== '') found.set('uuid', { type: 'assert-table-uuid', uuid: base.tableUuid });
  for (const update of updates) {
    for (const requirement of requirementsOf(base, update)) {
      const key = requirement.type === 'assert-ref-snapshot-id' ? `ref ${requirement.ref}` : requirement.type;
      found.set(key, requirement);
    }
  }
  return [...found.values()];
}

function requirementsOf(base: TableMetadata, update: TableUpdate): readonly TableRequirement[] {
  switch (update.action) {
    case 'add-schema':
      return [{ type: 'assert-last-assigned-field-id', lastAssignedFieldId: base.lastColumnId }];
    case 'set-current-schema':
      return [currentSchemaOf(base)];
    case 'add-spec':
      return [{ type: 'assert-last-assigned-partition-id', lastAssignedPartitionId: base.lastPartitionId }];
    case 'set-default-spec':
      return [defaultSpecOf(base)];
    case 'set-default-sort-order':
      return [{ type: 'assert-default-sort-order-id', defaultSortOrderId: base.defaultSortOrderId }];
    case 'set-snapshot-ref':
    case 'remove-snapshot-ref':
      return [refOf(base, update.refName)];
    // A snapshot that a ref has come to since must not go, and neither must the schema or spec that it is of.
    case 'remove-snapshots':
      return refsOf(base);
    case 'remove-schemas':
      return [currentSchemaOf(base), ...refsOf(base)];
    case 'remove-partition-specs':
      return [defaultSpecOf(base), ...refsOf(base)];
    default:
      return [];
  }
}

function currentSchemaOf(base: TableMetadata): TableRequirement {
  return { type: 'assert-current-schema-id', currentSchemaId: base.currentSchemaId };
}

function defaultSpecOf(base: TableMetadata): TableRequirement {
  return { type: 'assert-default-spec-id', defaultSpecId: base.defaultSpecId };
}

function refsOf(base: TableMetadata): readonly TableRequirement[] {
  return Object.keys(base.refs).map((name) => refOf(base, name));
}

function refOf(base: TableMetadata, ref: string): TableRequirement {
  return { type: 'assert-ref-snapshot-id', ref, snapshotId: base.refs[ref]?.snapshotId ?? null };
}
