import { randomUUID } from 'node:crypto';
import { AppError } from '#shared/errors/app-error.ts';
import { FIRST_PARTITION_FIELD_ID, UNPARTITIONED, type PartitionSpec } from '#shared/iceberg/partition.ts';
import { highestFieldId, type Schema } from '#shared/iceberg/schema.ts';
import { UNSORTED, type SortOrder } from '#shared/iceberg/sort-order.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import { assertSchema, assertSortOrder, assertSpec } from './validate.ts';

export interface CreateTableInput {
  /** Base location, e.g. file:///data/lakehouse/warehouse/bronze/flights-<uuid>. */
  readonly location: string;
  /** With its field ids (schemaFromColumns, assignFreshIds). */
  readonly schema: Schema;
  readonly partitionSpec?: PartitionSpec;
  readonly sortOrder?: SortOrder;
  readonly properties?: Readonly<Record<string, string>>;
  readonly tableUuid?: string;
  /** Milliseconds since 1970; the clock's time where not given. */
  readonly now?: number;
}

/**
 * The first metadata of a new v2 table, with no snapshot. Nothing is written.
 *
 * @throws INVALID_INPUT when the schema has no columns or fields without ids, or spec or order do not fit it;
 *   UNSUPPORTED for types of format version 3
 */
export function createTableMetadata(input: CreateTableInput): TableMetadata {
  const schema = { ...input.schema, schemaId: 0 };
  if (schema.fields.length === 0) {
    throw new AppError('INVALID_INPUT', 'A table needs at least one column.', {
      context: { location: input.location },
    });
  }
  assertSchema(schema, 2);
  const spec = { ...(input.partitionSpec ?? UNPARTITIONED), specId: 0 };
  assertSpec(spec.fields, schema);
  const requested = input.sortOrder ?? UNSORTED;
  const order = requested.fields.length === 0 ? UNSORTED : { ...requested, orderId: 1 };
  assertSortOrder(order, schema);

  return {
    formatVersion: 2,
    tableUuid: input.tableUuid ?? randomUUID(),
    location: input.location.replace(/\/+$/, ''),
    lastSequenceNumber: 0n,
    lastUpdatedMs: input.now ?? Date.now(),
    lastColumnId: highestFieldId(schema),
    schemas: [schema],
    currentSchemaId: 0,
    partitionSpecs: [spec],
    defaultSpecId: 0,
    lastPartitionId: Math.max(FIRST_PARTITION_FIELD_ID - 1, ...spec.fields.map((field) => field.fieldId)),
    sortOrders: order === UNSORTED ? [UNSORTED] : [UNSORTED, order],
    defaultSortOrderId: order.orderId,
    properties: input.properties ?? {},
    snapshots: [],
    snapshotLog: [],
    metadataLog: [],
    refs: {},
    statistics: [],
    partitionStatistics: [],
  };
}
