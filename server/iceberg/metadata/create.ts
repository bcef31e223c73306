import { randomUUID } from 'node:crypto';
import { AppError } from '#shared/errors/app-error.ts';
import { FIRST_PARTITION_FIELD_ID, UNPARTITIONED, type PartitionSpec } from '#shared/iceberg/partition.ts';
import { highestFieldId, type Schema } from '#shared/iceberg/schema.ts';
import { UNSORTED, type SortOrder } from '#shared/iceberg/sort-order.ts';
import type { FormatVersion, TableMetadata } from '#shared/iceberg/table-metadata.ts';
import { assertNotReserved, parseFormatVersionProperty } from './apply-table.ts';
import { assertSchema, assertSortOrder, assertSpec } from './validate.ts';

export interface CreateTableInput {
  /** Base location, e.g. file:///data/lakehouse/warehouse/bronze/flights-<uuid>. */
  readonly location: string;
  /** With its field ids (schemaFromColumns, assignFreshIds). */
  readonly schema: Schema;
  readonly partitionSpec?: PartitionSpec;
  readonly sortOrder?: SortOrder;
  /** `format-version` among them is the format version, as in SQL. */
  readonly properties?: Readonly<Record<string, string>>;
  /** 2 where neither this nor the property says otherwise. */
  readonly formatVersion?: FormatVersion;
  readonly tableUuid?: string;
  /** Milliseconds since 1970; the clock's time where not given. */
  readonly now?: number;
}

/**
 * The first metadata of a new table, with no snapshot. Nothing is written.
 *
 * @throws INVALID_INPUT when the schema has no columns or fields without ids, spec or order do not fit it, or a
 *   property is reserved; UNSUPPORTED for types that the format version does not have
 */
export function createTableMetadata(input: CreateTableInput): TableMetadata {
  const schema = { ...input.schema, schemaId: 0 };
  if (schema.fields.length === 0) {
    throw new AppError('INVALID_INPUT', 'A table needs at least one column.', {
      context: { location: input.location },
    });
  }
  const { 'format-version': versionText, ...properties } = input.properties ?? {};
  assertNotReserved(Object.keys(properties));
  const formatVersion =
    input.formatVersion ?? (versionText === undefined ? 2 : parseFormatVersionProperty(versionText));
  assertSchema(schema, formatVersion);
  const spec = { ...(input.partitionSpec ?? UNPARTITIONED), specId: 0 };
  assertSpec(spec.fields, schema);
  const requested = input.sortOrder ?? UNSORTED;
  const order = requested.fields.length === 0 ? UNSORTED : { ...requested, orderId: 1 };
  assertSortOrder(order, schema);

  return {
    formatVersion,
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
    properties,
    snapshots: [],
    snapshotLog: [],
    metadataLog: [],
    refs: {},
    statistics: [],
    partitionStatistics: [],
    ...(formatVersion >= 3 ? { nextRowId: 0n } : {}),
  };
}
