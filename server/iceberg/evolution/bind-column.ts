import { AppError } from '#shared/errors/app-error.ts';
import { assignFreshIds, childFields, findFieldByName } from '#shared/iceberg/schema.ts';
import type { FormatVersion } from '#shared/iceberg/table-metadata.ts';
import { isPrimitive, type IcebergType, type NestedField } from '#shared/iceberg/types.ts';
import { columnDefault } from './column-default.ts';
import { liesInMapKey, pathParts, pathText, requireField, type ColumnPath } from './schema-tree.ts';

/** Where a column goes among those beside it. */
export type ColumnPosition = 'first' | { readonly after: string } | { readonly before: string };

export interface NewColumn {
  readonly name: string;
  readonly type: IcebergType;
  /** The struct that it goes into; absent: it is a column of the table. */
  readonly parent?: ColumnPath;
  readonly required?: boolean;
  readonly doc?: string;
  /** Single-value JSON: for the rows there are, and for those to come that do not give it. Format version 3. */
  readonly defaultValue?: unknown;
  readonly position?: ColumnPosition;
}

interface BoundColumn {
  readonly field: NestedField;
  /** The struct that it goes into; null: the table. */
  readonly parentId: number | null;
  readonly parentPath: readonly string[];
  readonly path: string;
  readonly lastColumnId: number;
}

/** A new column with ids of its own, and where it goes. */
export function bindColumn(
  fields: readonly NestedField[],
  column: NewColumn,
  formatVersion: FormatVersion,
  lastColumnId: number,
): BoundColumn {
  const parent = column.parent === undefined ? null : structAt(fields, column.parent);
  const path = [...(parent?.path ?? []), column.name].join('.');
  assertFreeName(parent === null ? fields : childFields(parent.field.type), column.name, path, 'added');
  const value =
    column.defaultValue === undefined || column.defaultValue === null
      ? {}
      : { default: columnDefault(column.type, column.defaultValue, path, formatVersion) };
  const assigned = assignFreshIds(
    [
      {
        id: 0,
        name: column.name,
        required: column.required ?? false,
        type: column.type,
        ...(column.doc === undefined ? {} : { doc: column.doc }),
        ...('default' in value ? { initialDefault: value.default, writeDefault: value.default } : {}),
      },
    ],
    lastColumnId,
  );
  const [field] = assigned.fields;
  if (field === undefined) throw new AppError('INTERNAL', 'A column lost itself while it got its id.');
  return {
    field,
    parentId: parent?.field.id ?? null,
    parentPath: parent?.path ?? [],
    path,
    lastColumnId: assigned.lastColumnId,
  };
}

/** @throws INVALID_INPUT for an empty name and for one that a column beside it has, in any case of letters */
export function assertFreeName(
  siblings: readonly NestedField[],
  name: string,
  column: string,
  what: 'added' | 'renamed',
): void {
  const taken = findFieldByName({ fields: siblings }, name);
  const problem =
    name === ''
      ? 'the new name is empty'
      : taken !== undefined &&
        `there is a column '${taken.name}' already, and names must differ in more than case`;
  if (problem === false) return;
  throw new AppError('INVALID_INPUT', `The column '${column}' cannot be ${what}: ${problem}.`, {
    context: { column },
  });
}

/** The struct at a path; of a list its element, of a map its value. */
function structAt(
  fields: readonly NestedField[],
  parent: ColumnPath,
): { readonly field: NestedField; readonly path: readonly string[] } {
  let path = pathParts(parent);
  let field = requireField(fields, path);
  while (!isPrimitive(field.type) && field.type.type !== 'struct') {
    path = [...path, field.type.type === 'list' ? 'element' : 'value'];
    field = requireField(fields, path);
  }
  const problem = isPrimitive(field.type)
    ? `'${pathText(parent)}' is ${field.type}, not a struct`
    : liesInMapKey(fields, field.id)
      ? `'${pathText(parent)}' is in the key of a map, which cannot change`
      : null;
  if (problem === null) return { field, path };
  throw new AppError('INVALID_INPUT', `Nothing can be added to '${pathText(parent)}': ${problem}.`, {
    context: { column: pathText(parent) },
  });
}
