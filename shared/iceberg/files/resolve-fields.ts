import { isPrimitive, type IcebergType, type NestedField } from '../types.ts';
import { insideOf, type FileField, type FileType } from './file-shape.ts';
import type { MappedField, NameMapping } from './name-mapping.ts';

/**
 * A file's columns with the ids that they have for its table: their own; for a file that has none at all, those of the
 * table's name mapping; without one, columns count from 1 in the file's order, as Iceberg's Java library has it. That
 * library then finds no member of a struct; here members are found by name.
 *
 * @param wanted columns of the table, whose structs the members are looked up in
 */
export function resolveFields(
  fields: readonly FileField[],
  mapping: NameMapping | null,
  wanted: readonly Pick<NestedField, 'id' | 'type'>[],
): readonly FileField[] {
  if (hasIds(fields)) return fields;
  if (mapping !== null) return fields.map((field) => mapField(field, field.name, mapping));
  return fields.map((field, index) => {
    const type = wanted.find(({ id }) => id === index + 1)?.type;
    return { ...field, id: index + 1, type: type === undefined ? field.type : nameInside(field.type, type) };
  });
}

export function hasIds(fields: readonly FileField[]): boolean {
  return fields.some((field) => field.id !== null || hasIds(insideOf(field.type)));
}

/** @param name of the field in the mapping, which may be another than in the file: a list's 'element' */
function mapField(field: FileField, name: string, mapping: readonly MappedField[]): FileField {
  const found = mapping.find(({ names }) => names.includes(name));
  return { ...field, id: found?.id ?? null, type: mapInside(field.type, found?.fields ?? []) };
}

function mapInside(type: FileType, mapping: readonly MappedField[]): FileType {
  switch (type.kind) {
    case 'leaf':
      return type;
    case 'struct':
      return { ...type, fields: type.fields.map((field) => mapField(field, field.name, mapping)) };
    case 'list':
      return { ...type, element: mapField(type.element, 'element', mapping) };
    case 'map':
      return {
        ...type,
        key: mapField(type.key, 'key', mapping),
        value: mapField(type.value, 'value', mapping),
      };
  }
}

function nameInside(type: FileType, wanted: IcebergType): FileType {
  if (isPrimitive(wanted)) return type;
  if (type.kind === 'struct' && wanted.type === 'struct')
    return {
      ...type,
      fields: type.fields.map((field) => {
        const member = wanted.fields.find(({ name }) => name === field.name);
        return member === undefined
          ? field
          : { ...field, id: member.id, type: nameInside(field.type, member.type) };
      }),
    };
  if (type.kind === 'list' && wanted.type === 'list')
    return { ...type, element: { ...type.element, type: nameInside(type.element.type, wanted.element) } };
  if (type.kind === 'map' && wanted.type === 'map')
    return {
      ...type,
      key: { ...type.key, type: nameInside(type.key.type, wanted.key) },
      value: { ...type.value, type: nameInside(type.value.type, wanted.value) },
    };
  return type;
}
