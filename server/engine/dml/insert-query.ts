import type { AppError } from '#shared/errors/app-error.ts';
import type { ResultColumn } from '#shared/contract/plan.ts';
import { duckDbTypeOf } from '#shared/iceberg/duckdb-types.ts';
import { findFieldByName, type Schema } from '#shared/iceberg/schema.ts';
import type { NestedField } from '#shared/iceberg/types.ts';
import { quoteIdentifier } from '#shared/sql/quoting.ts';
import { sqlError } from '../analyze/parse.ts';
import { ComposedSql } from './composed-sql.ts';
import type { InsertStatement } from './statement.ts';
import { castValue, columnsOf, defaultSql } from './table-columns.ts';

/** The rows of an INSERT as a query; null for DEFAULT VALUES, which reads nothing. */
export function composeInsert(statement: InsertStatement, schema: Schema): ComposedSql | null {
  const { sql, source } = statement;
  if (source.kind === 'defaults') return null;
  const composed = new ComposedSql(sql);
  if (statement.with !== null) composed.add(statement.with, '\n');
  if (source.kind === 'query') return composed.add(source.query);
  const fields = givenFields(statement, schema);
  composed.add('VALUES ');
  for (const [index, row] of source.rows.entries()) {
    if (row.length !== fields.length) throw wrongCount(statement, fields.length, row.length, source.position);
    composed.add(index === 0 ? '(' : ', (');
    // Each value becomes the column's type by itself, so that they need not have one in common.
    for (const [at, field] of fields.entries())
      composed.add(at === 0 ? '' : ', ', ...castValue(field, row[at] ?? 'default'));
    composed.add(')');
  }
  return composed;
}

/**
 * The columns that the rows of an INSERT have, each called as the column of the table that it is for.
 *
 * @param columns of composeInsert's SQL as it was planned
 * @param mergeSchema what a query has beyond the table's columns goes by its own names
 * @throws INVALID_INPUT (too few or too many columns), COLUMN_NOT_FOUND
 */
export function insertedColumns(
  statement: InsertStatement,
  schema: Schema,
  columns: readonly ResultColumn[],
  mergeSchema: boolean,
): readonly ResultColumn[] {
  const { sql, target } = statement;
  if (statement.byName) {
    if (statement.columns === null) return columns;
    throw sqlError(
      'INVALID_INPUT',
      'BY NAME takes the names from the query; leave the list of columns away.',
      sql,
      target.span.start,
    );
  }
  const fields = givenFields(statement, schema);
  const mayAdd = mergeSchema && statement.columns === null && columns.length > fields.length;
  if (fields.length !== columns.length && !mayAdd)
    throw wrongCount(statement, fields.length, columns.length, target.span.start);
  return columns.map((column, index) => ({ ...column, name: fields[index]?.name ?? column.name }));
}

/**
 * A query with the table's columns over the rows of an INSERT.
 *
 * @param rows the SQL of composeInsert as it was planned, and which column of the table each of its columns is for;
 *   null for DEFAULT VALUES
 */
export function insertQuery(
  schema: Schema,
  rows: { readonly sql: string; readonly names: readonly string[] } | null,
): string {
  const given = new Map(rows?.names.map((name, index) => [findFieldByName(schema, name)?.id, index]));
  const items = schema.fields.map((field) => {
    const index = given.get(field.id);
    const value = index === undefined ? defaultSql(field) : `CAST(v${index} AS ${duckDbTypeOf(field.type)})`;
    return `${value} AS ${quoteIdentifier(field.name)}`;
  });
  if (rows === null) return `SELECT ${items.join(', ')}`;
  const values = rows.names.map((_, index) => `v${index}`);
  return `SELECT ${items.join(', ')} FROM (${rows.sql}\n) AS given(${values.join(', ')})`;
}

function givenFields({ columns, sql }: InsertStatement, schema: Schema): readonly NestedField[] {
  return columns === null ? schema.fields : columnsOf(schema, columns, sql);
}

function wrongCount(statement: InsertStatement, expected: number, got: number, position: number): AppError {
  const who =
    statement.columns === null ? `The table ${statement.target.parts.join('.')} has` : 'The statement names';
  return sqlError(
    'INVALID_INPUT',
    `${who} ${expected} ${expected === 1 ? 'column' : 'columns'}, and a row has ${got}. Name the columns that it gives.`,
    statement.sql,
    position,
    { expected, got },
  );
}
