import { AppError } from '#shared/errors/app-error.ts';
import { childFields, type Schema } from '#shared/iceberg/schema.ts';
import { duckDbTypeOf } from '#shared/iceberg/duckdb-types.ts';
import { isPrimitive, parsePrimitive, type NestedField } from '#shared/iceberg/types.ts';
import type { DataFile } from '../../iceberg/manifest/data-file.ts';

/** A column by which rows are deleted: a column of the table, or a field inside of structs. */
export interface EqualityColumn {
  readonly fieldId: number;
  /** The column of the table that it is or lies in. */
  readonly column: NestedField;
  /** Names of fields from `column` down to it; none where it is the column itself. */
  readonly path: readonly string[];
  readonly sqlType: string;
  readonly isFloat: boolean;
}

/**
 * The columns that an equality delete file deletes by, each as the newest schema that has it says.
 *
 * @param schemas newest first: a column may have been dropped after rows were deleted by it
 * @throws CORRUPT_METADATA naming the delete file, where a field is in no schema or has no one value per row
 */
export function equalityColumns(file: DataFile, schemas: readonly Schema[]): readonly EqualityColumn[] {
  return [...new Set(file.equalityIds)]
    .sort((a, b) => a - b)
    .map((fieldId) => {
      for (const schema of schemas)
        for (const column of schema.fields) {
          const found = within(column, column, [], fieldId);
          if (found !== null) return found;
        }
      throw new AppError(
        'CORRUPT_METADATA',
        `The delete file ${file.filePath} deletes rows by the field ${fieldId}, which is no column of the table that rows can be compared by.`,
        { context: { file: file.filePath, fieldId } },
      );
    });
}

function within(
  column: NestedField,
  field: NestedField,
  path: readonly string[],
  fieldId: number,
): EqualityColumn | null {
  if (isPrimitive(field.type)) {
    if (field.id !== fieldId) return null;
    const { kind } = parsePrimitive(field.type);
    const isFloat = kind === 'float' || kind === 'double';
    return { fieldId, column, path, sqlType: duckDbTypeOf(field.type), isFloat };
  }
  // What is inside of a list or a map has no one value per row.
  if (field.type.type !== 'struct') return null;
  for (const child of childFields(field.type)) {
    const found = within(column, child, [...path, child.name], fieldId);
    if (found !== null) return found;
  }
  return null;
}
