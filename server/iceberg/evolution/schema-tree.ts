import { AppError } from '#shared/errors/app-error.ts';
import { childFields, findFieldByName, walkFields } from '#shared/iceberg/schema.ts';
import { isPrimitive, type IcebergType, type NestedField } from '#shared/iceberg/types.ts';

/**
 * Where a column is: its name, or for a field inside another the names from the root, with 'element', 'key' and
 * 'value' inside lists and maps. A dot in a name is part of it.
 */
export type ColumnPath = string | readonly string[];

export function pathText(path: ColumnPath): string {
  return typeof path === 'string' ? path : path.join('.');
}

export function pathParts(path: ColumnPath): readonly string[] {
  return typeof path === 'string' ? [path] : path;
}

/** @throws COLUMN_NOT_FOUND with the columns that there are beside it */
export function requireField(fields: readonly NestedField[], path: ColumnPath): NestedField {
  const found = findFieldByName({ fields }, path);
  if (found !== undefined) return found;
  const parent = pathParts(path).slice(0, -1);
  const within = parent.length === 0 ? undefined : findFieldByName({ fields }, parent);
  const siblings = within === undefined ? fields : childFields(within.type);
  const names = siblings.map((field) => field.name);
  throw new AppError(
    'COLUMN_NOT_FOUND',
    `There is no column '${pathText(path)}'${within === undefined ? '' : ` in '${parent.join('.')}'`}; there are ${names.slice(0, 50).join(', ')}.`,
    { context: { column: pathText(path), columns: names } },
  );
}

/**
 * The fields with one of them, at any depth, edited; null takes it out.
 * Of a list's element and a map's key and value, only type and nullability can change.
 */
export function editField(
  fields: readonly NestedField[],
  id: number,
  edit: (field: NestedField) => NestedField | null,
): readonly NestedField[] {
  return fields.flatMap((field) => {
    if (field.id === id) return edit(field) ?? [];
    return isPrimitive(field.type) ? field : { ...field, type: editInside(field.type, id, edit) };
  });
}

function editInside(
  type: Exclude<IcebergType, string>,
  id: number,
  edit: (field: NestedField) => NestedField | null,
): IcebergType {
  const [first, second] = type.type === 'struct' ? [] : editField(childFields(type), id, edit);
  switch (type.type) {
    case 'struct':
      return { ...type, fields: editField(type.fields, id, edit) };
    case 'list':
      return first === undefined ? type : { ...type, elementRequired: first.required, element: first.type };
    case 'map':
      if (first === undefined || second === undefined) return type;
      return { ...type, key: first.type, valueRequired: second.required, value: second.type };
  }
}

/** The fields with those of one struct (null: the columns) edited. */
export function editSiblings(
  fields: readonly NestedField[],
  parentId: number | null,
  edit: (siblings: readonly NestedField[]) => readonly NestedField[],
): readonly NestedField[] {
  if (parentId === null) return edit(fields);
  return editField(fields, parentId, (parent) => ({
    ...parent,
    type: { type: 'struct', fields: edit(childFields(parent.type)) },
  }));
}

/** The field that a field lies directly in; null for a column. */
export function parentOf(fields: readonly NestedField[], id: number): NestedField | null {
  for (const { field } of walkFields({ fields }))
    if (childFields(field.type).some((child) => child.id === id)) return field;
  return null;
}

/** True where a field is a map's key or lies in one: keys are what values are found by, so they stay. */
export function liesInMapKey(fields: readonly NestedField[], id: number): boolean {
  for (const { field } of walkFields({ fields })) {
    if (isPrimitive(field.type) || field.type.type !== 'map') continue;
    const key: NestedField = { id: field.type.keyId, name: 'key', required: true, type: field.type.key };
    for (const inner of walkFields({ fields: [key] })) if (inner.field.id === id) return true;
  }
  return false;
}

/** A field's id and those of all that lies in it. */
export function idsWithin(field: NestedField): ReadonlySet<number> {
  return new Set([...walkFields({ fields: [field] })].map((located) => located.field.id));
}
