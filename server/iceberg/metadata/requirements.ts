import { AppError } from '#shared/errors/app-error.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import type { TableRequirement } from '#shared/iceberg/table-update.ts';

/**
 * Checks what a commit requires of the table as it is now; null: there is no table.
 *
 * @throws COMMIT_CONFLICT naming the requirement that does not hold.
 */
export function assertRequirements(
  metadata: TableMetadata | null,
  requirements: readonly TableRequirement[],
): void {
  for (const requirement of requirements) {
    const failure = failureOf(metadata, requirement);
    if (failure === null) continue;
    throw new AppError('COMMIT_CONFLICT', `The table has changed since this commit began: ${failure}.`, {
      context: { requirement: requirement.type, location: metadata?.location },
    });
  }
}

function failureOf(metadata: TableMetadata | null, requirement: TableRequirement): string | null {
  if (requirement.type === 'assert-create') return metadata === null ? null : 'it exists already';
  if (metadata === null) return 'it does not exist';
  switch (requirement.type) {
    case 'assert-table-uuid':
      return differs('its UUID', metadata.tableUuid.toLowerCase(), requirement.uuid.toLowerCase());
    case 'assert-ref-snapshot-id': {
      const actual = metadata.refs[requirement.ref]?.snapshotId ?? null;
      return differs(`the snapshot of '${requirement.ref}'`, actual, requirement.snapshotId);
    }
    case 'assert-last-assigned-field-id':
      return differs('its last field id', metadata.lastColumnId, requirement.lastAssignedFieldId);
    case 'assert-current-schema-id':
      return differs('its schema', metadata.currentSchemaId, requirement.currentSchemaId);
    case 'assert-last-assigned-partition-id':
      return differs(
        'its last partition field id',
        metadata.lastPartitionId,
        requirement.lastAssignedPartitionId,
      );
    case 'assert-default-spec-id':
      return differs('its partition spec', metadata.defaultSpecId, requirement.defaultSpecId);
    case 'assert-default-sort-order-id':
      return differs('its sort order', metadata.defaultSortOrderId, requirement.defaultSortOrderId);
  }
}

function differs<T extends string | number | bigint | null>(
  what: string,
  actual: T,
  expected: T,
): string | null {
  return actual === expected ? null : `${what} is ${actual ?? 'none'}, not ${expected ?? 'none'}`;
}
