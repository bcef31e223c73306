import {
  FIRST_PARTITION_FIELD_ID,
  parseTransform,
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
  const fields = node.list().map((field, index) => ({
    ...parseSources(field),
    fieldId: field.optional('field-id')?.int() ?? FIRST_PARTITION_FIELD_ID + index,
    name: field.get('name').text(),
  }));
  for (const [index, { fieldId, name }] of fields.entries()) {
    const other = fields.findIndex((field) => field.fieldId === fieldId);
    if (other < index) node.fail(`gives the id ${fieldId} to both '${fields[other]?.name}' and '${name}'`);
  }
  return fields;
}

/**
 * v3 may write the sources of a transform as a list. No transform of several columns is defined so far: one is
 * kept as `<transform> of <id>,<id>`, which is none that is known, so nothing is pruned by it or written to it.
 */
function parseSources(field: JsonNode): Pick<PartitionField, 'sourceId' | 'transform'> {
  const transform = field.get('transform').text();
  // Of a transform that is known, a parameter that it can't have is an error, and not a newer writer's.
  if (/^(bucket|truncate)\[\d*\]$/.test(transform) && parseTransform(transform).kind === 'unknown')
    field.get('transform').fail(`is '${transform}'; its parameter is from 1 to 2147483647`);
  const single = field.optional('source-id');
  if (single !== null) return { sourceId: single.int(), transform };
  const sources = field
    .get('source-ids')
    .list()
    .map((source) => source.int());
  const [first, ...others] = sources;
  if (first === undefined) return field.get('source-ids').fail('names no column');
  return {
    sourceId: first,
    transform: others.length === 0 ? transform : `${transform} of ${sources.join(',')}`,
  };
}

function sourcesToJson({
  sourceId,
  transform,
}: {
  sourceId: number;
  transform: string;
}): Record<string, unknown> {
  const several = /^(.*) of (\d+(?:,\d+)+)$/.exec(transform);
  if (several === null) return { 'source-id': sourceId, transform };
  return { 'source-ids': several[2]?.split(',').map(Number), transform: several[1] };
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
          ...parseSources(field),
          fieldId: field.optional('field-id')?.int(),
          name: field.get('name').text(),
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
    ...sourcesToJson(field),
    'field-id': field.fieldId,
    name: field.name,
  }));
}

export function parseSortOrder(node: JsonNode): SortOrder {
  return {
    orderId: node.get('order-id').int(),
    fields: node
      .get('fields')
      .list()
      .map((field) => ({
        ...parseSources(field),
        direction: field.get('direction').oneOf('asc', 'desc'),
        nullOrder: field.get('null-order').oneOf('nulls-first', 'nulls-last'),
      })),
  };
}

export function sortOrderToJson(order: SortOrder): Record<string, unknown> {
  return {
    'order-id': order.orderId,
    fields: order.fields.map((field) => ({
      ...sourcesToJson(field),
      direction: field.direction,
      'null-order': field.nullOrder,
    })),
  };
}
