import type { PartitionSpec } from '#shared/iceberg/partition.ts';
import { childFields, walkFields, type Schema } from '#shared/iceberg/schema.ts';
import type { SortOrder } from '#shared/iceberg/sort-order.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import type { TableRequirement, TableUpdate } from '#shared/iceberg/table-update.ts';
import { isPrimitive, type IcebergType, type NestedField } from '#shared/iceberg/types.ts';
import type { DataFile } from '../manifest/data-file.ts';
import { applyUpdates } from '../metadata/apply-updates.ts';
import { currentSchema } from '../metadata/lookup.ts';
import { changeFiles } from './change-files.ts';
import { produceSnapshot, type SnapshotInput } from './produce-snapshot.ts';
import { MAIN } from './snapshot-history.ts';
import type { RebasableCommit } from './staged-commit.ts';

/** What a table is to be from now on. Ids are the definition's own: spec and order name its columns by them. */
export interface TableDefinition {
  readonly schema: Schema;
  /** Unpartitioned where not given. */
  readonly partitionSpec?: Pick<PartitionSpec, 'fields'>;
  /** Unsorted where not given. */
  readonly sortOrder?: Pick<SortOrder, 'fields'>;
  /** Set beside those that the table has. */
  readonly properties?: Readonly<Record<string, string>>;
}

export interface TableReplacement {
  readonly updates: readonly TableUpdate[];
  readonly requirements: readonly TableRequirement[];
  /** With the schema and the spec, ids bound, that the new data files are to be written with. */
  readonly metadata: TableMetadata;
}

/**
 * What makes another table of one, which keeps its identity, its older snapshots and so its time travel. A
 * column that stays keeps its field id: one of the same path and type.
 *
 * @throws INVALID_INPUT, UNSUPPORTED where the definition does not fit the table's format version
 */
export function planReplacement(metadata: TableMetadata, definition: TableDefinition): TableReplacement {
  const { schema, ids } = bindSchema(metadata, definition.schema);
  const bound = (id: number) => ids.get(id) ?? id;
  const fields = (definition.partitionSpec?.fields ?? []).map(({ sourceId, name, transform }) => ({
    sourceId: bound(sourceId),
    name,
    transform,
  }));
  const sorted = (definition.sortOrder?.fields ?? []).map((field) => ({
    ...field,
    sourceId: bound(field.sourceId),
  }));
  const updates: TableUpdate[] = [
    { action: 'remove-snapshot-ref', refName: MAIN },
    { action: 'add-schema', schema },
    { action: 'set-current-schema', schemaId: -1 },
    { action: 'add-spec', spec: { fields } },
    { action: 'set-default-spec', specId: -1 },
    { action: 'add-sort-order', sortOrder: { orderId: sorted.length === 0 ? 0 : 1, fields: sorted } },
    { action: 'set-default-sort-order', sortOrderId: -1 },
  ];
  if (definition.properties !== undefined && Object.keys(definition.properties).length > 0)
    updates.push({ action: 'set-properties', updates: definition.properties });
  return {
    updates,
    // Ids given out meanwhile would be given twice.
    requirements: [
      { type: 'assert-last-assigned-field-id', lastAssignedFieldId: metadata.lastColumnId },
      { type: 'assert-last-assigned-partition-id', lastAssignedPartitionId: metadata.lastPartitionId },
    ],
    metadata: applyUpdates(metadata, updates, { metadataLocation: null }),
  };
}

export interface ReplaceTableInput extends Omit<
  SnapshotInput,
  'updates' | 'requirements' | 'targetBranch' | 'stageOnly'
> {
  readonly replacement: TableReplacement;
  /** Written with the replacement's schema and spec. */
  readonly dataFiles: readonly DataFile[];
}

/**
 * CREATE OR REPLACE TABLE … AS: new schema, spec, order, properties and rows in one commit, whatever others have
 * put into the table meanwhile.
 *
 * @throws INVALID_INPUT when a data file does not fit; COMMIT_CONFLICT where another commit changed schema or spec
 */
export async function replaceTable(input: ReplaceTableInput): Promise<RebasableCommit> {
  const { updates, requirements } = input.replacement;
  return produceSnapshot(
    { ...input, updates, requirements },
    changeFiles({
      operation: 'append',
      added: input.dataFiles.map((file) => ({ file })),
      removed: {},
    }),
  );
}

/** Gives the columns their ids in the table. */
function bindSchema(
  metadata: TableMetadata,
  schema: Schema,
): { readonly schema: Schema; readonly ids: ReadonlyMap<number, number> } {
  const standing = new Map(
    [...walkFields(currentSchema(metadata))].map(({ field, path }) => [JSON.stringify(path), field]),
  );
  const ids = new Map<number, number>();
  let last = metadata.lastColumnId;
  const bindAll = (
    fields: readonly NestedField[],
    parents: readonly string[],
    stays: boolean,
  ): readonly NestedField[] => {
    const numbered = fields.map((field) => {
      const known = stays ? standing.get(JSON.stringify([...parents, field.name])) : undefined;
      const same = known !== undefined && sameKind(known.type, field.type);
      const id = same ? known.id : ++last;
      ids.set(field.id, id);
      return { field, id, same };
    });
    return numbered.map(({ field, id, same }) => ({
      ...field,
      id,
      type: bindType(field.type, [...parents, field.name], same),
    }));
  };
  const bindType = (type: IcebergType, path: readonly string[], stays: boolean): IcebergType => {
    if (isPrimitive(type)) return type;
    const inside = bindAll(childFields(type), path, stays);
    const [first, second] = inside;
    switch (type.type) {
      case 'struct':
        return { ...type, fields: inside };
      case 'list':
        return first === undefined ? type : { ...type, elementId: first.id, element: first.type };
      case 'map':
        return first === undefined || second === undefined
          ? type
          : { ...type, keyId: first.id, key: first.type, valueId: second.id, value: second.type };
    }
  };
  const fields = bindAll(schema.fields, [], true);
  const identifierFieldIds = schema.identifierFieldIds.map((id) => ids.get(id) ?? id);
  return { schema: { ...schema, fields, identifierFieldIds }, ids };
}

function sameKind(a: IcebergType, b: IcebergType): boolean {
  return isPrimitive(a) || isPrimitive(b) ? a === b : a.type === b.type;
}
