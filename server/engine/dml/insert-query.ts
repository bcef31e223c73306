import { AppError } from '#shared/errors/app-error.ts';
import type { ResultColumn } from '#shared/contract/plan.ts';
import { duckDbTypeOf } from '#shared/iceberg/duckdb-types.ts';
import { findFieldByName, type Schema } from '#shared/iceberg/schema.ts';
import type { NestedField } from '#shared/iceberg/types.ts';
import { quoteIdentifier } from '#shared/sql/quoting.ts';
import { sqlError } from '../analyze/parse.ts';
import { ComposedSql } from './composed-sql.ts';
import type { InsertStatement } from './statement.ts';
import { castValue, columnNotFound, columnsOf, defaultSql } from './table-columns.ts';

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
 * A query with the table's columns over the rows of an INSERT.
 *
 * @param rows the SQL of composeInsert as it was planned, with its columns; null for DEFAULT VALUES
 * @throws INVALID_INPUT (too few or too many columns), COLUMN_NOT_FOUND
 */
export function insertQuery(
  statement: InsertStatement,
  schema: Schema,
  rows: { readonly sql: string; readonly columns: readonly ResultColumn[] } | null,
): string {
  const given = rows === null ? new Map<number, number>() : matchColumns(statement, schema, rows.columns);
  const items = schema.fields.map((field) => {
    const index = given.get(field.id);
    const value = index === undefined ? defaultSql(field) : `CAST(v${index} AS ${duckDbTypeOf(field.type)})`;
    return `${value} AS ${quoteIdentifier(field.name)}`;
  });
  if (rows === null) return `SELECT ${items.join(', ')}`;
  const names = rows.columns.map((_, index) => `v${index}`);
  return `SELECT ${items.join(', ')} FROM (${rows.sql}\n) AS given(${names.join(', ')})`;
}

/** Which column of the rows is which of the table, by field id. */
function matchColumns(
  statement: InsertStatement,
  schema: Schema,
  columns: readonly ResultColumn[],
): ReadonlyMap<number, number> {
  const { sql, target } = statement;
  if (!statement.byName) {
    const fields = givenFields(statement, schema);
    if (fields.length !== columns.length)
      throw wrongCount(statement, fields.length, columns.length, target.span.start);
    return new Map(fields.map((field, index) => [field.id, index]));
  }
  if (statement.columns !== null)
    throw sqlError(
      'INVALID_INPUT',
      'BY NAME takes the names from the query; leave the list of columns away.',
      sql,
      target.span.start,
    );
  const matched = new Map<number, number>();
  for (const [index, { name }] of columns.entries()) {
    const field = findFieldByName(schema, name);
    if (field === undefined) throw columnNotFound(schema, name, sql, target.span.start);
    if (matched.has(field.id))
      throw new AppError('INVALID_INPUT', `The query has two columns named ${name}.`, {
        context: { column: name },
      });
    matched.set(field.id, index);
  }
  return matched;
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
