import {
  FIRST_PARTITION_FIELD_ID,
  type PartitionField,
  type PartitionSpec,
} from '#shared/iceberg/partition.ts';
import type { SortOrder } from '#shared/iceberg/sort-order.ts';
import type { UnboundPartitionField } from '#shared/iceberg/table-update.ts';
import { present } from '#shared/util/present.ts';
import type { JsonNode } from './json-node.ts';

export function parsePartitionSpec(node: JsonNode): PartitionSpec {
  return { specId: node.get('spec-id').int(), fields: parsePartitionFields(node.get('fields')) };
}

/** v1 writers may leave the field ids out; they are then 1000 and up, in order. */
export function parsePartitionFields(node: JsonNode): readonly PartitionField[] {
  return node.list().map((field, index) => ({
    sourceId: parseSourceId(field),
    fieldId: field.optional('field-id')?.int() ?? FIRST_PARTITION_FIELD_ID + index,
    name: field.get('name').text(),
    transform: field.get('transform').text(),
  }));
}

/** v3 writes the sources of a transform as a list; those defined so far have one. */
function parseSourceId(field: JsonNode): number {
  const single = field.optional('source-id');
  if (single !== null) return single.int();
  const sources = field.get('source-ids').list();
  const first = sources[0];
  if (first === undefined || sources.length > 1) return field.get('source-ids').fail('must have one id');
  return first.int();
}

/** A spec to be added: its field ids may be left to the table. */
export function parseUnboundSpec(node: JsonNode): {
  readonly specId?: number;
  readonly fields: readonly UnboundPartitionField[];
} {
  return present({
    specId: node.optional('spec-id')?.int(),
    fields: node
      .get('fields')
      .list()
      .map((field) =>
        present({
          sourceId: parseSourceId(field),
          fieldId: field.optional('field-id')?.int(),
          name: field.get('name').text(),
          transform: field.get('transform').text(),
        }),
      ),
  });
}

export function unboundSpecToJson(spec: {
  readonly specId?: number;
  readonly fields: readonly UnboundPartitionField[];
}): Record<string, unknown> {
  return { 'spec-id': spec.specId, fields: partitionFieldsToJson(spec.fields) };
}

export function partitionSpecToJson(spec: PartitionSpec): Record<string, unknown> {
  return { 'spec-id': spec.specId, fields: partitionFieldsToJson(spec.fields) };
}

export function partitionFieldsToJson(
  fields: readonly UnboundPartitionField[],
): readonly Record<string, unknown>[] {
  return fields.map((field) => ({
    'source-id': field.sourceId,
    'field-id': field.fieldId,
    name: field.name,
    transform: field.transform,
  }));
}

export function parseSortOrder(node: JsonNode): SortOrder {
  return {
    orderId: node.get('order-id').int(),
    fields: node
      .get('fields')
      .list()
      .map((field) => ({
        sourceId: parseSourceId(field),
        transform: field.get('transform').text(),
        direction: field.get('direction').oneOf('asc', 'desc'),
        nullOrder: field.get('null-order').oneOf('nulls-first', 'nulls-last'),
      })),
  };
}

export function sortOrderToJson(order: SortOrder): Record<string, unknown> {
  return {
    'order-id': order.orderId,
    fields: order.fields.map((field) => ({
      transform: field.transform,
      'source-id': field.sourceId,
      direction: field.direction,
      'null-order': field.nullOrder,
    })),
  };
}
