import { AppError } from '#shared/errors/app-error.ts';
import { FIRST_PARTITION_FIELD_ID, type PartitionField } from '#shared/iceberg/partition.ts';
import { highestFieldId, type Schema } from '#shared/iceberg/schema.ts';
import { UNSORTED, type SortOrder } from '#shared/iceberg/sort-order.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import type { TableUpdate } from '#shared/iceberg/table-update.ts';
import { stringifyJson } from '#shared/util/json.ts';
import type { Draft } from './draft.ts';
import { schemaToJson } from './schema-json.ts';
import { assertSchema, assertSortOrder, assertSpec } from './validate.ts';

type AddedSpec = Extract<TableUpdate, { action: 'add-spec' }>['spec'];

/** An equal schema is used again rather than added twice. */
export function addSchema(
  metadata: TableMetadata,
  schema: Schema,
  draft: Draft,
  lastColumnId = 0,
): TableMetadata {
  assertSchema(schema, metadata.formatVersion);
  const same = metadata.schemas.find((existing) => sameSchema(existing, schema));
  const schemaId = same?.schemaId ?? Math.max(-1, ...metadata.schemas.map((s) => s.schemaId)) + 1;
  draft.added.schema = schemaId;
  const widened = {
    ...metadata,
    lastColumnId: Math.max(metadata.lastColumnId, highestFieldId(schema), lastColumnId),
  };
  if (same !== undefined) return widened;
  return { ...widened, schemas: [...metadata.schemas, { ...schema, schemaId }] };
}

function sameSchema(a: Schema, b: Schema): boolean {
  const shape = (schema: Schema) =>
    stringifyJson(
      schemaToJson({
        ...schema,
        schemaId: 0,
        identifierFieldIds: schema.identifierFieldIds.toSorted((x, y) => x - y),
      }),
    );
  return shape(a) === shape(b);
}

/** A field that an older spec had keeps its id, so that its values in old and new manifests are one field. */
export function addSpec(metadata: TableMetadata, spec: AddedSpec, draft: Draft): TableMetadata {
  const schema = latestSchema(metadata, draft);
  assertSpec(spec.fields, schema);
  const same = metadata.partitionSpecs.find(
    (existing) =>
      existing.fields.length === spec.fields.length &&
      existing.fields.every((field, index) => {
        const other = spec.fields[index];
        return other !== undefined && sameSource(field, other) && field.name === other.name;
      }),
  );
  if (same !== undefined) {
    draft.added['partition spec'] = same.specId;
    return metadata;
  }
  const fields = boundFields(metadata, spec);
  const specId = Math.max(-1, ...metadata.partitionSpecs.map((s) => s.specId)) + 1;
  draft.added['partition spec'] = specId;
  return {
    ...metadata,
    lastPartitionId: Math.max(metadata.lastPartitionId, ...fields.map((field) => field.fieldId)),
    partitionSpecs: [...metadata.partitionSpecs, { specId, fields }],
  };
}

function boundFields(metadata: TableMetadata, spec: AddedSpec): readonly PartitionField[] {
  const v1 = metadata.formatVersion === 1;
  const known = metadata.partitionSpecs.flatMap((existing) => existing.fields);
  const taken = new Set<number>();
  let last = metadata.lastPartitionId;
  return spec.fields.map((field, index) => {
    const reused = known.find((other) => sameSource(other, field) && !taken.has(other.fieldId))?.fieldId;
    // v1 readers take ids to be places: 1000, 1001, …
    const next = v1 ? FIRST_PARTITION_FIELD_ID + index : (reused ?? last + 1);
    const fieldId = field.fieldId ?? next;
    const clash = known.find((other) => other.fieldId === fieldId && !sharesId(other, field));
    const wrong = v1
      ? fieldId !== FIRST_PARTITION_FIELD_ID + index && 'must be 1000 and up, in order, in format version 1'
      : taken.has(fieldId)
        ? 'is given twice'
        : clash !== undefined && `is that of '${clash.name}' in another spec of the table`;
    if (wrong !== false) {
      throw new AppError(
        'INVALID_INPUT',
        `The id ${fieldId} of the partition field '${field.name}' ${wrong}.`,
        {
          context: { partitionField: field.name },
        },
      );
    }
    taken.add(fieldId);
    last = Math.max(last, fieldId);
    return { sourceId: field.sourceId, fieldId, name: field.name, transform: field.transform };
  });
}

type Source = Pick<PartitionField, 'sourceId' | 'transform'>;

function sameSource(a: Source, b: Source): boolean {
  return a.sourceId === b.sourceId && a.transform === b.transform;
}

/** Void has the id of the field that it stands for. */
function sharesId(a: Source, b: Source): boolean {
  return sameSource(a, b) || (a.sourceId === b.sourceId && [a.transform, b.transform].includes('void'));
}

export function addSortOrder(metadata: TableMetadata, order: SortOrder, draft: Draft): TableMetadata {
  assertSortOrder(order, latestSchema(metadata, draft));
  const same = metadata.sortOrders.find(
    (existing) => stringifyJson(existing.fields) === stringifyJson(order.fields),
  );
  const orderId =
    order.fields.length === 0
      ? UNSORTED.orderId
      : (same?.orderId ?? Math.max(UNSORTED.orderId, ...metadata.sortOrders.map((o) => o.orderId)) + 1);
  draft.added['sort order'] = orderId;
  if (same !== undefined) return metadata;
  return { ...metadata, sortOrders: [...metadata.sortOrders, { ...order, orderId }] };
}

/** What specs and orders are checked against; a new table's may come before the schema is made current. */
function latestSchema(metadata: TableMetadata, draft: Draft): Schema {
  const find = (id: number | undefined) => metadata.schemas.find((schema) => schema.schemaId === id);
  const schema = find(metadata.currentSchemaId) ?? find(draft.added.schema);
  if (schema !== undefined) return schema;
  throw new AppError(
    'INVALID_INPUT',
    'A table needs a schema before it can have a spec, an order or a snapshot.',
  );
}

const CURRENT = {
  schema: 'currentSchemaId',
  'partition spec': 'defaultSpecId',
  'sort order': 'defaultSortOrderId',
} as const;

/** Makes one of the table's schemas, specs or orders the one that writers go by; -1 is the last one added. */
export function setCurrent(
  metadata: TableMetadata,
  what: keyof typeof CURRENT,
  id: number,
  draft: Draft,
): TableMetadata {
  const wanted = id === -1 ? draft.added[what] : id;
  if (wanted === undefined || !idsOf(metadata, what).includes(wanted)) {
    throw new AppError('INVALID_INPUT', `The table has no ${what} ${wanted ?? 'added last'}.`);
  }
  return { ...metadata, [CURRENT[what]]: wanted };
}

function idsOf(metadata: TableMetadata, what: keyof typeof CURRENT): readonly number[] {
  switch (what) {
    case 'schema':
      return metadata.schemas.map((schema) => schema.schemaId);
    case 'partition spec':
      return metadata.partitionSpecs.map((spec) => spec.specId);
    case 'sort order':
      return metadata.sortOrders.map((order) => order.orderId);
  }
}

export function removeSpecs(metadata: TableMetadata, ids: readonly number[]): TableMetadata {
  assertNotInUse(ids, metadata.defaultSpecId, 'partition spec');
  return {
    ...metadata,
    partitionSpecs: metadata.partitionSpecs.filter((spec) => !ids.includes(spec.specId)),
  };
}

export function removeSchemas(metadata: TableMetadata, ids: readonly number[]): TableMetadata {
  assertNotInUse(ids, metadata.currentSchemaId, 'schema');
  return { ...metadata, schemas: metadata.schemas.filter((schema) => !ids.includes(schema.schemaId)) };
}

function assertNotInUse(ids: readonly number[], current: number, what: string): void {
  if (!ids.includes(current)) return;
  throw new AppError('INVALID_INPUT', `The ${what} ${current} is the one in use and cannot be removed.`);
}
