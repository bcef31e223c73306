import { indexById, walkFields, type LocatedField, type Schema } from '#shared/iceberg/schema.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import { isPrimitive, type IcebergType, type NestedField } from '#shared/iceberg/types.ts';
import { schemaToJson } from '../metadata/schema-json.ts';
import { isSame, type TableClash } from './clash.ts';

export interface FieldIds {
  /** New ids of fields of theirs, whose ids ours has given to other columns. */
  readonly renumbered: ReadonlyMap<number, number>;
  /** Columns that both sides added alike, under one id, as they were at first. */
  readonly addedByBoth: ReadonlyMap<number, NestedField>;
  /** The highest id that is taken. */
  readonly lastColumnId: number;
  readonly clashes: readonly TableClash[];
}

/**
 * Brings the ids that both sides have given to new columns apart. A column of theirs whose id ours gave to another
 * one gets a new id, unless files of theirs may have the column: in files, ids stay as they are.
 *
 * @param carried ids of columns that files which theirs added may have
 */
export function settleFieldIds(
  base: TableMetadata,
  ours: TableMetadata,
  theirs: TableMetadata,
  carried: ReadonlySet<number>,
): FieldIds {
  const renumbered = new Map<number, number>();
  const addedByBoth = new Map<number, NestedField>();
  const clashes: TableClash[] = [];
  let lastColumnId = Math.max(ours.lastColumnId, theirs.lastColumnId);
  const mine = firstDefinitions(ours, base.lastColumnId);
  const current = new Set(
    theirs.schemas.flatMap((s) => (s.schemaId === theirs.currentSchemaId ? idsOf(s) : [])),
  );
  for (const [id, their] of firstDefinitions(theirs, base.lastColumnId)) {
    const our = mine.get(id);
    if (id > ours.lastColumnId) continue;
    if (our !== undefined && isSameColumn(our, their)) {
      addedByBoth.set(id, their.field);
    } else if (carried.has(id)) {
      clashes.push(idClash(id, our, their));
    } else if (current.has(id)) {
      lastColumnId += 1;
      renumbered.set(id, lastColumnId);
    }
  }
  return { renumbered, addedByBoth, lastColumnId, clashes };
}

/** A schema's fields with other ids for some. */
export function renumberFields(
  fields: readonly NestedField[],
  renumbered: ReadonlyMap<number, number>,
): readonly NestedField[] {
  if (renumbered.size === 0) return fields;
  const idOf = (id: number) => renumbered.get(id) ?? id;
  const inside = (type: IcebergType): IcebergType => {
    if (isPrimitive(type)) return type;
    switch (type.type) {
      case 'struct':
        return { type: 'struct', fields: renumberFields(type.fields, renumbered) };
      case 'list':
        return { ...type, elementId: idOf(type.elementId), element: inside(type.element) };
      case 'map': {
        const { keyId, key, valueId, value } = type;
        return {
          ...type,
          keyId: idOf(keyId),
          key: inside(key),
          valueId: idOf(valueId),
          value: inside(value),
        };
      }
    }
  };
  return fields.map((field) => ({ ...field, id: idOf(field.id), type: inside(field.type) }));
}

/** The ids of fields above the base's, dropped ones too: files may still have those. */
function firstDefinitions(
  { schemas }: TableMetadata,
  lastColumnId: number,
): ReadonlyMap<number, LocatedField> {
  const found = new Map<number, LocatedField>();
  for (const schema of schemas.toSorted((a, b) => a.schemaId - b.schemaId))
    for (const [id, located] of indexById(schema))
      if (id > lastColumnId && !found.has(id)) found.set(id, located);
  return found;
}

function idsOf(schema: Schema): readonly number[] {
  return [...walkFields(schema)].map(({ field }) => field.id);
}

function isSameColumn(a: LocatedField, b: LocatedField): boolean {
  return isSame(a.path, b.path) && isSame(fieldJson(a.field), fieldJson(b.field));
}

/** In one order of members. */
export function fieldJson(field: NestedField): unknown {
  return schemaToJson({ schemaId: 0, fields: [field], identifierFieldIds: [] });
}

function idClash(id: number, ours: LocatedField | undefined, theirs: LocatedField): TableClash {
  const [mine, other] = [ours?.path.join('.'), theirs.path.join('.')];
  return {
    kind: 'SCHEMA_CLASH',
    message:
      mine === undefined
        ? `The field id ${id}, which theirs gave to the new column '${other}', has been used by ours, and files of theirs have that column already.`
        : `Both sides gave the field id ${id} to a new column: ours to '${mine}', theirs to '${other}'; and files of theirs have that column already. Add one of the two columns before the branches part, or write theirs' files again.`,
    detail: { what: 'field id', fieldId: id, ours: mine ?? null, theirs: other },
  };
}
