import { z } from 'zod';
import type { Cell, MetricCell, PivotCell } from '../contract/notebooks.ts';
import type { SqlParameter } from '../contract/notebook-relations.ts';
import { quoteIdentifier, quoteLiteral, quoteQualifiedName } from '../sql/quoting.ts';

/** A cell's name, or a dotted table name, as the FROM of a query. */
export function fromSql(relation: string): string {
  return `FROM ${quoteQualifiedName(relation.split('.').map((part) => part.trim()))}`;
}

const NAME = /^[\p{L}_][\p{L}\p{N}_]*$/u;

/**
 * The SQL that a cell runs: its own, or that of what it shows. Null for cells that run nothing, and for such as have not
 * been told yet what to show.
 */
export function cellSql(cell: Cell): string | null {
  switch (cell.kind) {
    case 'sql':
      return cell.source.trim() === '' ? null : cell.source;
    case 'markdown':
      return null;
    case 'input': {
      if (cell.control.type !== 'select' || cell.control.options !== undefined) return null;
      const query = cell.control.query.trim();
      return query === '' ? null : NAME.test(query) ? fromSql(query) : query;
    }
    case 'metric': {
      if (cell.relation.trim() === '') return null;
      return `SELECT ${metricItems(cell)} ${fromSql(cell.relation)}${isOfFirstRow(cell) ? ' LIMIT 2' : ''}`;
    }
    case 'chart':
      return cell.relation.trim() === '' ? null : `SELECT * ${fromSql(cell.relation)}`;
    case 'pivot':
      return pivotSql(cell);
  }
}

/** Whether a figure is of one row, however many there are: it is not said, or of no column, what becomes of them. */
export function isOfFirstRow({ aggregate, column = '' }: MetricCell): boolean {
  return aggregate === undefined || (aggregate !== 'count' && column === '');
}

/** The figure first, and what it is compared with. Two rows tell a first one from the only one. */
export function metricItems({ column = '', against = '', aggregate }: MetricCell): string {
  if (column === '') return aggregate === 'count' ? 'count(*) AS "rows"' : '*';
  return [column, against]
    .filter((each) => each !== '')
    .map((each) =>
      aggregate === undefined
        ? quote(each)
        : `${aggregateSql({ aggregate, column: each })} AS ${quote(each)}`,
    )
    .join(', ');
}

const quote = (name: string | undefined): string => quoteIdentifier(name ?? '');

/** How many groups of a pivot are kept; more than anybody can read. */
export const PIVOT_GROUPS = 20_000;

/**
 * One row for each group, with its rows' and columns' totals: after the values, two numbers tell a total (every bit a
 * column that it sums over) from a group whose value is NULL.
 */
function pivotSql(cell: PivotCell): string | null {
  const { rows, columns, value, relation } = cell;
  if (relation.trim() === '' || rows.length + columns.length === 0) return null;
  if (value.aggregate !== 'count' && (value.column ?? '') === '') return null;
  const list = (names: readonly string[]) => names.map(quote).join(', ');
  const all = [...rows, ...columns];
  const sets = [all, rows, columns, []].map((set) => `(${list(set)})`);
  const grouping = (names: readonly string[]) => (names.length === 0 ? '0' : `GROUPING(${list(names)})`);
  return [
    `SELECT ${list(all)}, ${aggregateSql(value)} AS "value",`,
    `       ${grouping(rows)} AS "row total", ${grouping(columns)} AS "column total"`,
    fromSql(relation),
    `GROUP BY GROUPING SETS (${[...new Set(sets)].join(', ')})`,
    `ORDER BY ${all.map((name) => `${quote(name)} NULLS LAST`).join(', ')}`,
    `LIMIT ${PIVOT_GROUPS}`,
  ].join('\n');
}

export function aggregateSql({ aggregate, column }: PivotCell['value']): string {
  if (aggregate === 'count')
    return column === undefined || column === '' ? 'count(*)' : `count(${quote(column)})`;
  if (aggregate === 'count-distinct') return `count(DISTINCT ${quote(column)})`;
  return `${aggregate}(${quote(column)})`;
}

/** What the inputs of a notebook are in SQL. */
export function inputParameters(cells: readonly Cell[]): SqlParameter[] {
  return cells.flatMap((cell): SqlParameter[] => {
    if (cell.kind !== 'input') return [];
    const { name, control } = cell;
    if (control.type === 'date-range')
      return [
        { name: `${name}_from`, type: 'date', value: control.from },
        { name: `${name}_to`, type: 'date', value: control.to },
      ];
    if (control.type === 'select' && control.values !== undefined)
      return [{ name, type: 'texts', value: JSON.stringify(control.values) }];
    const type = control.type === 'number' || control.type === 'slider' ? 'number' : 'text';
    return [{ name, type, value: control.value }];
  });
}

/** The inputs of a notebook as DuckDB's own variables, for a script that runs elsewhere. */
export function setVariables(parameters: readonly SqlParameter[]): string[] {
  return parameters.map(({ name, type, value }) => {
    if (type === 'texts') return `SET VARIABLE ${name} = ${textsSql(textsOf(value))};`;
    const text = value === null ? 'NULL' : type === 'number' ? value : quoteLiteral(value);
    return `SET VARIABLE ${name} = ${type === 'date' && value !== null ? `DATE ${text}` : text};`;
  });
}

/** What `texts` stand for; nothing for what is no JSON array of texts. */
export function textsOf(value: string | null): readonly string[] {
  return value === null ? [] : (readTexts(value) ?? []);
}

/** Null for what is no JSON array of texts. */
export function readTexts(value: string): readonly string[] | null {
  let list: unknown;
  try {
    list = JSON.parse(value);
  } catch {
    return null;
  }
  return texts.safeParse(list).data ?? null;
}

const texts = z.array(z.string());

/** Several texts as SQL that is one constant, e.g. `['a', 'b']`; none has a type all the same. */
export function textsSql(list: readonly string[]): string {
  const literals = list.map((each) => quoteLiteral(each.replaceAll('\0', '')));
  return literals.length === 0 ? 'CAST([] AS VARCHAR[])' : `[${literals.join(', ')}]`;
}
