import { filterOperator } from '#shared/contract/notebooks.ts';
import type { ResultColumn } from '#shared/contract/plan.ts';
import { quoteIdentifier, quoteLiteral } from '#shared/sql/quoting.ts';
import { splitStatements } from '#shared/sql/statements.ts';
import { isNested, isNumeric, isTemporal, parseSqlType } from '../format/duckdb-type.ts';

/** The rows of a query, to be asked further: sorted, filtered, counted. */
export interface Relation {
  /** One SELECT, as a person wrote it. */
  readonly sql: string;
  readonly columns: readonly ResultColumn[];
}

export interface SortKey {
  /** Place in the relation's columns. */
  readonly column: number;
  readonly direction: 'asc' | 'desc';
}

export const FILTER_OPERATORS = filterOperator.options;
export type FilterOperator = (typeof FILTER_OPERATORS)[number];

export interface ColumnFilter {
  readonly column: number;
  readonly operator: FilterOperator;
  /** As text of the column's type; nothing where the operator needs none. */
  readonly value: string;
}

/** How a relation is looked at; of filters, all hold. */
export interface RelationView {
  readonly sort: readonly SortKey[];
  readonly filters: readonly ColumnFilter[];
}

export const WHOLE_RELATION: RelationView = { sort: [], filters: [] };

/** What a column is called inside: names of results may be twice there, or empty. */
export function columnAlias(column: number): string {
  return `c${column}`;
}

/** What stands behind FROM for the relation's rows, whose columns are then called c0, c1… */
export function fromRelation({ sql, columns }: Relation): string {
  // Without the comment or semicolon that may end it.
  const statement = splitStatements(sql)[0]?.text ?? sql;
  const aliases = columns.map((_, column) => columnAlias(column)).join(', ');
  return `(\n${statement}\n) AS result(${aliases})`;
}

/** Statements that are answered about, and are no relation in SQL. */
export function canBeAsked({ sql, columns }: Relation): boolean {
  return columns.length > 0 && !/^\s*(SHOW|EXPLAIN)\b/i.test(splitStatements(sql)[0]?.text ?? sql);
}

/** Which operators make sense for a column. */
export function operatorsOf(column: ResultColumn): readonly FilterOperator[] {
  const type = parseSqlType(column.type);
  if (isNested(type) || type.kind === 'blob') return ['contains', 'is-null', 'not-null'];
  if (type.kind === 'boolean') return ['equals', 'differs', 'is-null', 'not-null'];
  if (isNumeric(type) || isTemporal(type) || type.kind === 'time')
    return FILTER_OPERATORS.filter((operator) => operator !== 'contains');
  return ['contains', ...FILTER_OPERATORS.filter((operator) => operator !== 'contains')];
}

/** The relation's rows as the view has them, its columns under their own names. */
export function viewSql(relation: Relation, view: RelationView, from = fromRelation(relation)): string {
  const items = relation.columns.map(
    ({ name }, column) => `${columnAlias(column)} AS ${quoteIdentifier(name === '' ? ' ' : name)}`,
  );
  return `SELECT ${items.join(', ')}\nFROM ${from}${whereSql(relation, view.filters)}${orderSql(view.sort)}`;
}

/** From a line break and WHERE on; nothing where all rows count. */
export function whereSql({ columns }: Relation, filters: readonly ColumnFilter[]): string {
  const conditions = filters.map((filter) => conditionSql(filter, columns[filter.column]?.type ?? 'VARCHAR'));
  return conditions.length === 0 ? '' : `\nWHERE ${conditions.join(' AND ')}`;
}

const COMPARISONS: Readonly<Partial<Record<FilterOperator, string>>> = {
  equals: '=',
  less: '<',
  'at-most': '<=',
  greater: '>',
  'at-least': '>=',
};

function conditionSql({ column, operator, value }: ColumnFilter, type: string): string {
  const name = columnAlias(column);
  if (operator === 'is-null') return `${name} IS NULL`;
  if (operator === 'not-null') return `${name} IS NOT NULL`;
  if (operator === 'contains')
    return `contains(lower(CAST(${name} AS VARCHAR)), lower(${quoteLiteral(value)}))`;
  // An ENUM is compared as the text that it is: a word that it does not have is no error.
  const constant = /^(VARCHAR|ENUM|JSON)/i.test(type)
    ? quoteLiteral(value)
    : `CAST(${quoteLiteral(ungrouped(value, type))} AS ${type})`;
  const compared = /^(ENUM|JSON)/i.test(type) ? `CAST(${name} AS VARCHAR)` : name;
  if (operator === 'differs') return `${compared} IS DISTINCT FROM ${constant}`;
  return `${compared} ${COMPARISONS[operator]} ${constant}`;
}

/** A number as the grid writes it is a number. */
function ungrouped(value: string, type: string): string {
  const isGrouped = /^\s*[-+]?\d{1,3}(?:,\d{3})+(?:\.\d*)?\s*$/.test(value);
  return isGrouped && isNumeric(parseSqlType(type)) ? value.replaceAll(',', '') : value;
}

function orderSql(sort: readonly SortKey[]): string {
  if (sort.length === 0) return '';
  // What has no value is at the end whichever way the rest goes.
  const keys = sort.map(
    ({ column, direction }) => `${columnAlias(column)} ${direction.toUpperCase()} NULLS LAST`,
  );
  return `\nORDER BY ${keys.join(', ')}`;
}

/** The sort after its column's header was used: ascending, descending, none; `add` keeps the other columns. */
export function nextSort(sort: readonly SortKey[], column: number, add: boolean): readonly SortKey[] {
  const own = sort.find((key) => key.column === column);
  const rest = add ? sort.filter((key) => key.column !== column) : [];
  if (own === undefined) return [...rest, { column, direction: 'asc' }];
  if (own.direction === 'asc')
    return add
      ? sort.map((key) => (key.column === column ? { column, direction: 'desc' as const } : key))
      : [{ column, direction: 'desc' }];
  return rest;
}
