import type { AppError } from '#shared/errors/app-error.ts';
import { duckDbTypeOf } from '#shared/iceberg/duckdb-types.ts';
import { initialDefaultSql } from '#shared/iceberg/files/default-sql.ts';
import { findFieldByName, type Schema } from '#shared/iceberg/schema.ts';
import type { NestedField } from '#shared/iceberg/types.ts';
import { nearestNames } from '#shared/util/nearest-names.ts';
import { sqlError } from '../analyze/parse.ts';
import type { NamedColumn, Value } from './statement.ts';
import type { Span } from './token-cursor.ts';

/** @throws COLUMN_NOT_FOUND with its place and names that are near */
export function columnOf(schema: Schema, { name, position }: NamedColumn, sql: string): NestedField {
  const field = findFieldByName(schema, name);
  if (field !== undefined) return field;
  throw columnNotFound(schema, name, sql, position);
}

export function columnNotFound(schema: Schema, name: string, sql: string, position: number | null): AppError {
  const names = schema.fields.map((field) => field.name);
  const suggestions = nearestNames(name, names);
  const hint =
    suggestions.length > 0
      ? `Did you mean ${suggestions.join(' or ')}?`
      : `Its columns are ${names.join(', ')}.`;
  return sqlError('COLUMN_NOT_FOUND', `The table has no column ${name}. ${hint}`, sql, position, {
    column: name,
    suggestions,
  });
}

/** The columns that a statement names, each once. @throws COLUMN_NOT_FOUND, INVALID_INPUT */
export function columnsOf(
  schema: Schema,
  columns: readonly NamedColumn[],
  sql: string,
): readonly NestedField[] {
  const seen = new Set<number>();
  return columns.map((named) => {
    const field = columnOf(schema, named, sql);
    if (seen.has(field.id))
      throw sqlError('INVALID_INPUT', `The column ${field.name} is named twice.`, sql, named.position);
    seen.add(field.id);
    return field;
  });
}

/** What a row has in a column that its writer does not give. @throws CORRUPT_METADATA */
export function defaultSql({ name, type, writeDefault }: NestedField): string {
  return initialDefaultSql({ name, type, initialDefault: writeDefault });
}

/** A value as the column's type, in parts of a ComposedSql. */
export function castValue(field: NestedField, value: Value): readonly (string | Span)[] {
  return value === 'default' ? [defaultSql(field)] : ['CAST((', value, `\n) AS ${duckDbTypeOf(field.type)})`];
}
