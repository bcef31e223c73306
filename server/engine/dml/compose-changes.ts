import { duckDbTypeOf } from '#shared/iceberg/duckdb-types.ts';
import { findFieldByName, type Schema } from '#shared/iceberg/schema.ts';
import type { NestedField } from '#shared/iceberg/types.ts';
import { quoteIdentifier } from '#shared/sql/quoting.ts';
import { sqlError } from '../analyze/parse.ts';
import { ComposedSql } from './composed-sql.ts';
import { FILE, POSITION, ROW_ID_FIELD } from './row-columns.ts';
import type {
  Assignment,
  DeleteStatement,
  MergeClause,
  MergeStatement,
  UpdateStatement,
} from './statement.ts';
import { castValue, columnNotFound, columnsOf, defaultSql } from './table-columns.ts';
import type { Span } from './token-cursor.ts';

/** How the query of a statement names its target, which a resolver then gives with FILE and POSITION. */
export const TARGET = '_timestream_target';

/** What happens to a row. */
export const ACTION = { update: 1, delete: 2, insert: 3 } as const;

const SOURCE = '_timestream_source';

/** Columns of a changes query: what happens, to which row, and what it is then. */
export const CHANGE = {
  action: '_timestream_action',
  file: '_timestream_in',
  position: '_timestream_at',
  rowId: '_timestream_id',
  value: (index: number) => `_timestream_v${index}`,
} as const;

type Part = string | Span;

export interface ChangesQuery {
  /** Gives `nested`, or the columns of CHANGE. */
  readonly composed: ComposedSql;
  /** The column that has all but the place, NULL where nothing happens: a struct by the names of CHANGE. */
  readonly nested: string | null;
}

export function composeDelete(statement: DeleteStatement): ChangesQuery {
  const composed = new ComposedSql(statement.sql);
  composed.add(...prefix(statement.with), statement.using === null ? 'SELECT ' : 'SELECT DISTINCT ');
  composed.add(
    `${ACTION.delete} AS ${CHANGE.action}, `,
    ...place(target(statement), false),
    ' FROM ',
    ...targetTable(statement),
  );
  if (statement.using !== null) composed.add(', ', statement.using, '\n');
  return { composed: composed.add(...where(statement.where)), nested: null };
}

/** @throws COLUMN_NOT_FOUND, INVALID_INPUT */
export function composeUpdate(statement: UpdateStatement, schema: Schema, lineage: boolean): ChangesQuery {
  const alias = target(statement);
  const composed = new ComposedSql(statement.sql);
  composed.add(
    ...prefix(statement.with),
    `SELECT ${ACTION.update} AS ${CHANGE.action}, `,
    ...place(alias, lineage),
  );
  for (const [index, value] of updatedValues(statement, schema, alias).entries())
    composed.add(', ', ...value, ` AS ${CHANGE.value(index)}`);
  composed.add(' FROM ', ...targetTable(statement));
  if (statement.from !== null) composed.add(', ', statement.from, '\n');
  return { composed: composed.add(...where(statement.where)), nested: null };
}

/**
 * @param sourceColumns names, where a clause takes all columns of the source
 * @throws COLUMN_NOT_FOUND, INVALID_INPUT
 */
export function composeMerge(
  statement: MergeStatement,
  schema: Schema,
  lineage: boolean,
  sourceColumns: readonly string[],
): ChangesQuery {
  const alias = target(statement);
  const nested = '_timestream_change';
  const composed = new ComposedSql(statement.sql);
  composed.add(...prefix(statement.with), 'SELECT ', ...place(alias, lineage), ', CASE');
  for (const clause of statement.clauses)
    composed.add(...mergeBranch(statement, clause, schema, alias, sourceColumns));
  composed.add(` END AS ${nested} FROM `);
  const whens = new Set(statement.clauses.map(({ when }) => when));
  const source = sourceTable(statement);
  const targetParts = targetTable(statement);
  // The side whose rows matter also without a match goes first.
  if (whens.has('not-matched-by-source'))
    composed.add(...targetParts, whens.has('not-matched') ? ' FULL JOIN ' : ' LEFT JOIN ', ...source);
  else composed.add(...source, whens.has('not-matched') ? ' LEFT JOIN ' : ' JOIN ', ...targetParts);
  composed.add(' ON ', ...joinCondition(statement, schema, alias));
  return { composed, nested };
}

/** The source of a MERGE as a query of its own, for what columns it has. */
export function composeSource(statement: MergeStatement): ComposedSql {
  return new ComposedSql(statement.sql).add(
    ...prefix(statement.with),
    'SELECT * FROM ',
    statement.source,
    `\n AS ${quoteIdentifier(statement.sourceAlias)}`,
    ...columnAliases(statement.sourceColumns),
  );
}

function prefix(span: Span | null): readonly Part[] {
  return span === null ? [] : [span, '\n'];
}

/** Always there and in parentheses, so that no other clause of a SELECT can follow what a statement gives. */
function where(span: Span | null): readonly Part[] {
  return span === null ? [' WHERE true'] : [' WHERE (', span, '\n)'];
}

function target({ alias, target }: Pick<DeleteStatement, 'alias' | 'target'>): string {
  return quoteIdentifier(alias ?? target.parts.at(-1) ?? '');
}

function targetTable(statement: Pick<DeleteStatement, 'alias' | 'target'>): readonly Part[] {
  return [`${TARGET} AS ${target(statement)} `];
}

function place(alias: string, lineage: boolean): readonly Part[] {
  const rowId = lineage ? `${alias}.${ROW_ID_FIELD.name}` : 'NULL::BIGINT';
  return [
    `${alias}.${FILE.name} AS ${CHANGE.file}, ${alias}.${POSITION.name} AS ${CHANGE.position}, ${rowId} AS ${CHANGE.rowId}`,
  ];
}

interface Assigning {
  readonly sql: string;
  readonly assignments: readonly Assignment[];
}

/** Of every column of the table, in its order. */
function updatedValues(
  { sql, assignments }: Assigning,
  schema: Schema,
  alias: string,
): readonly (readonly Part[])[] {
  const fields = columnsOf(
    schema,
    assignments.map(({ column }) => column),
    sql,
  );
  const assigned = new Map(fields.map((field, index) => [field.id, assignments[index]?.value]));
  return schema.fields.map((field) => {
    const value = assigned.get(field.id);
    return value === undefined ? [`${alias}.${quoteIdentifier(field.name)}`] : castValue(field, value);
  });
}

function mergeBranch(
  statement: MergeStatement,
  clause: MergeClause,
  schema: Schema,
  alias: string,
  sourceColumns: readonly string[],
): readonly Part[] {
  const source = quoteIdentifier(statement.sourceAlias);
  const tests: Record<MergeClause['when'], string> = {
    matched: `${alias}.${POSITION.name} IS NOT NULL AND ${source}.${SOURCE} IS NOT NULL`,
    'not-matched': `${alias}.${POSITION.name} IS NULL`,
    'not-matched-by-source': `${source}.${SOURCE} IS NULL`,
  };
  const condition: readonly Part[] = clause.condition === null ? [] : [' AND (', clause.condition, '\n)'];
  const { action } = clause;
  if (action.kind === 'nothing') return [` WHEN ${tests[clause.when]}`, ...condition, ' THEN NULL'];
  const kind = action.kind === 'delete' ? 'delete' : action.kind.startsWith('insert') ? 'insert' : 'update';
  const values = branchValues(statement, clause, schema, alias, sourceColumns);
  const members = values.flatMap((value, index): readonly Part[] => [
    `, ${CHANGE.value(index)} := `,
    ...value,
  ]);
  return [
    ` WHEN ${tests[clause.when]}`,
    ...condition,
    ` THEN struct_pack(${CHANGE.action} := ${ACTION[kind]}`,
    ...members,
    ')',
  ];
}

function branchValues(
  statement: MergeStatement,
  { action }: MergeClause,
  schema: Schema,
  alias: string,
  sourceColumns: readonly string[],
): readonly (readonly Part[])[] {
  const { sql } = statement;
  switch (action.kind) {
    case 'update':
      return updatedValues({ sql, assignments: action.assignments }, schema, alias);
    case 'insert': {
      const fields = action.columns === null ? schema.fields : columnsOf(schema, action.columns, sql);
      if (fields.length !== action.values.length)
        throw sqlError(
          'INVALID_INPUT',
          `INSERT names ${fields.length} columns and gives ${action.values.length} values.`,
          sql,
          action.position,
        );
      const given = new Map(fields.map((field, index) => [field.id, action.values[index]]));
      return schema.fields.map((field) => castValue(field, given.get(field.id) ?? 'default'));
    }
    case 'update-all':
    case 'insert-all': {
      const unknown = sourceColumns.find((name) => findFieldByName(schema, name) === undefined);
      if (unknown !== undefined) throw columnNotFound(schema, unknown, sql, statement.source.start);
      const source = quoteIdentifier(statement.sourceAlias);
      const names = new Map(sourceColumns.map((name) => [findFieldByName(schema, name)?.id, name]));
      return schema.fields.map((field) => {
        const name = names.get(field.id);
        if (name !== undefined)
          return [`CAST(${source}.${quoteIdentifier(name)} AS ${duckDbTypeOf(field.type)})`];
        return [action.kind === 'insert-all' ? defaultSql(field) : `${alias}.${quoteIdentifier(field.name)}`];
      });
    }
    case 'delete':
    case 'nothing':
      return schema.fields.map(nullValue);
  }
}

function nullValue({ type }: NestedField): readonly Part[] {
  return [`CAST(NULL AS ${duckDbTypeOf(type)})`];
}

function sourceTable({ source, sourceAlias, sourceColumns }: MergeStatement): readonly Part[] {
  return [
    '(SELECT *, true AS ',
    `${SOURCE} FROM `,
    source,
    `\n) AS ${quoteIdentifier(sourceAlias)}`,
    ...columnAliases(sourceColumns),
  ];
}

function columnAliases(span: Span | null): readonly Part[] {
  return span === null ? [] : ['(', span, ')'];
}

function joinCondition(
  { on, sql, sourceAlias }: MergeStatement,
  schema: Schema,
  alias: string,
): readonly Part[] {
  if (!('using' in on)) return ['(', on, '\n)'];
  const equal = columnsOf(schema, on.using, sql).map(
    ({ name }) =>
      `${alias}.${quoteIdentifier(name)} = ${quoteIdentifier(sourceAlias)}.${quoteIdentifier(name)}`,
  );
  return [equal.join(' AND ')];
}
