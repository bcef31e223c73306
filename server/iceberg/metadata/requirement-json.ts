import type { TableRequirement } from '#shared/iceberg/table-update.ts';
import type { JsonNode } from './json-node.ts';

/** Reads one requirement of a REST commit. */
export function parseTableRequirement(node: JsonNode): TableRequirement {
  const type = node.get('type').oneOf(...TYPES);
  switch (type) {
    case 'assert-create':
      return { type };
    case 'assert-table-uuid':
      return { type, uuid: node.get('uuid').text() };
    case 'assert-ref-snapshot-id':
      // Absent as well as null: the ref must not exist.
      return {
        type,
        ref: node.get('ref').text(),
        snapshotId: node.optional('snapshot-id')?.long() ?? null,
      };
    case 'assert-last-assigned-field-id':
      return { type, lastAssignedFieldId: node.get('last-assigned-field-id').int() };
    case 'assert-current-schema-id':
      return { type, currentSchemaId: node.get('current-schema-id').int() };
    case 'assert-last-assigned-partition-id':
      return { type, lastAssignedPartitionId: node.get('last-assigned-partition-id').int() };
    case 'assert-default-spec-id':
      return { type, defaultSpecId: node.get('default-spec-id').int() };
    case 'assert-default-sort-order-id':
      return { type, defaultSortOrderId: node.get('default-sort-order-id').int() };
  }
}

const TYPES = [
  'assert-create',
  'assert-table-uuid',
  'assert-ref-snapshot-id',
  'assert-last-assigned-field-id',
  'assert-current-schema-id',
  'assert-last-assigned-partition-id',
  'assert-default-spec-id',
  'assert-default-sort-order-id',
] as const satisfies readonly TableRequirement['type'][];

export function tableRequirementToJson(requirement: TableRequirement): Record<string, unknown> {
  const { type } = requirement;
  switch (type) {
    case 'assert-create':
      return { type };
    case 'assert-table-uuid':
      return { type, uuid: requirement.uuid };
    case 'assert-ref-snapshot-id':
      return { type, ref: requirement.ref, 'snapshot-id': requirement.snapshotId };
    case 'assert-last-assigned-field-id':
      return { type, 'last-assigned-field-id': requirement.lastAssignedFieldId };
    case 'assert-current-schema-id':
      return { type, 'current-schema-id': requirement.currentSchemaId };
    case 'assert-last-assigned-partition-id':
      return { type, 'last-assigned-partition-id': requirement.lastAssignedPartitionId };
    case 'assert-default-spec-id':
      return { type, 'default-spec-id': requirement.defaultSpecId };
    case 'assert-default-sort-order-id':
      return { type, 'default-sort-order-id': requirement.defaultSortOrderId };
  }
}
