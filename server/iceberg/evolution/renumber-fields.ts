import { isPrimitive, type IcebergType, type NestedField } from '#shared/iceberg/types.ts';
import type { TableUpdate } from '#shared/iceberg/table-update.ts';
import {
  nameMappingToText,
  NAME_MAPPING_PROPERTY,
  parseNameMapping,
  type MappedField,
} from '../metadata/name-mapping.ts';

/** Ids of fields, and those that they are to have instead. */
export type Renumbering = ReadonlyMap<number, number>;

/** A schema's fields with other ids for some. */
export function renumberFields(
  fields: readonly NestedField[],
  renumbered: Renumbering,
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

/** The same updates with other ids for some fields: in schemas, and in all that names columns by id. */
export function renumberUpdates(
  updates: readonly TableUpdate[],
  renumbered: Renumbering,
): readonly TableUpdate[] {
  if ([...renumbered].every(([from, to]) => from === to)) return updates;
  const idOf = (id: number) => renumbered.get(id) ?? id;
  const highest = Math.max(...renumbered.values());
  const sourced = <T extends { readonly sourceId: number }>(field: T): T => ({
    ...field,
    sourceId: idOf(field.sourceId),
  });
  return updates.map((update): TableUpdate => {
    switch (update.action) {
      case 'add-schema': {
        const { schema, lastColumnId = 0 } = update;
        return {
          action: 'add-schema',
          schema: {
            ...schema,
            fields: renumberFields(schema.fields, renumbered),
            identifierFieldIds: schema.identifierFieldIds.map(idOf),
          },
          // Also ids of columns that are gone again are taken.
          lastColumnId: Math.max(lastColumnId, highest),
        };
      }
      case 'add-spec':
        return { ...update, spec: { ...update.spec, fields: update.spec.fields.map(sourced) } };
      case 'add-sort-order':
        return {
          ...update,
          sortOrder: { ...update.sortOrder, fields: update.sortOrder.fields.map(sourced) },
        };
      case 'set-properties': {
        const mapping = update.updates[NAME_MAPPING_PROPERTY];
        if (mapping === undefined) return update;
        const text = nameMappingToText(parseNameMapping(mapping).map((field) => mapped(field, renumbered)));
        return { ...update, updates: { ...update.updates, [NAME_MAPPING_PROPERTY]: text } };
      }
      default:
        return update;
    }
  });
}

function mapped({ fieldId, names, fields }: MappedField, renumbered: Renumbering): MappedField {
  return {
    names,
    ...(fieldId === undefined ? {} : { fieldId: renumbered.get(fieldId) ?? fieldId }),
    ...(fields === undefined ? {} : { fields: fields.map((field) => mapped(field, renumbered)) }),
  };
}
