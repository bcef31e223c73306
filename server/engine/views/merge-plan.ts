import type { ResultColumn } from '#shared/contract/plan.ts';
import { isNode, nodesOf, textOf, type AstNode } from '../analyze/ast.ts';
import type { AnalyzedSql } from '../analyze/analyze.ts';
import type { PlanShape } from '../plan/explain.ts';
import { groupPlace, SelectNames } from './select-names.ts';

/** What a column of a view is: rows are grouped by it, or it is the given aggregate of the column of two parts. */
export type MergedColumn = 'key' | 'sum' | 'min' | 'max';

/**
 * How the rows of new files alone bring a view of one table up to date: they are more rows of it, they are merged with
 * those it has, or neither, and why.
 */
export type MergePlan =
  | { readonly kind: 'append' }
  | { readonly kind: 'merge'; readonly columns: readonly MergedColumn[] }
  | { readonly kind: 'none'; readonly why: string };

const NONE = 'its query is more than a filter, a projection, or groups of one table';
/** A part is aggregated as the whole; counts are summed. */
const MERGEABLE = new Map<string, MergedColumn>([
  ['count_star', 'sum'],
  ['count', 'sum'],
  ['sum', 'sum'],
  ['min', 'min'],
  ['max', 'max'],
]);
/** Of one row, beside operators and casts; what is not listed may be an aggregate. */
const SCALARS = new Set(
  'coalesce concat date_trunc day dayofweek hour ifnull lower minute month nullif quarter round substring trim upper week year'.split(
    ' ',
  ),
);

/**
 * @param shape of the query as DuckDB would run it
 * @param fields names of the columns of its only table
 */
export function mergePlan(
  { root, tables, tableNodes }: Pick<AnalyzedSql, 'root' | 'tables' | 'tableNodes'>,
  shape: PlanShape | null,
  columns: readonly ResultColumn[],
  fields: readonly string[],
): MergePlan {
  const isPlain = root['type'] === 'SELECT_NODE' && nodesOf(root['modifiers']).length === 0;
  if (tables.length !== 1 || !isPlain) return { kind: 'none', why: NONE };
  if (shape === 'scan' || shape === 'filter') return { kind: 'append' };
  if (shape !== 'aggregate' && shape !== 'groups') return { kind: 'none', why: NONE };
  return groupPlan(root, columns, new SelectNames(root, tableNodes, fields));
}

function groupPlan(root: AstNode, columns: readonly ResultColumn[], names: SelectNames): MergePlan {
  if (root['having'] !== null) return { kind: 'none', why: 'HAVING may drop groups that come back' };
  const items = nodesOf(root['select_list']);
  if (items.length !== columns.length) return { kind: 'none', why: NONE };
  const grouped = groupedItems(root, items, names);
  if (grouped === null) return { kind: 'none', why: 'it groups by something that is none of its columns' };
  const merged: MergedColumn[] = [];
  for (const [index, item] of items.entries()) {
    const how = grouped.has(index) ? 'key' : aggregateOf(item);
    const { name = '', type = '' } = columns[index] ?? {};
    if (how === null) return { kind: 'none', why: `parts of ${name} can't be merged` };
    if (how === 'sum' && /DOUBLE|FLOAT/.test(type))
      return { kind: 'none', why: `${name} is a sum of floating-point numbers, which their order changes` };
    merged.push(how);
  }
  return { kind: 'merge', columns: merged };
}

function aggregateOf(item: AstNode): MergedColumn | null {
  if (item['class'] !== 'FUNCTION' || item['distinct'] === true) return null;
  // max(x, 3) is a list.
  if (nodesOf(item['children']).length > 1) return null;
  return MERGEABLE.get(textOf(item['function_name'])) ?? null;
}

/** Which items rows are grouped by; null where they are grouped by something else too, or in sets, or that is not certain. */
function groupedItems(
  root: AstNode,
  items: readonly AstNode[],
  names: SelectNames,
): ReadonlySet<number> | null {
  const grouped = new Set<number>();
  if (root['aggregate_handling'] === 'FORCE_AGGREGATES') {
    for (const [index, item] of items.entries()) if (isScalar(item, names)) grouped.add(index);
    return grouped;
  }
  const sets = root['group_sets'];
  if (Array.isArray(sets) && sets.length > 1) return null;
  for (const group of nodesOf(root['group_expressions'])) {
    const index = itemOf(group, items, names);
    if (index === null) return null;
    grouped.add(index);
  }
  return grouped;
}

function itemOf(group: AstNode, items: readonly AstNode[], names: SelectNames): number | null {
  if (group['class'] === 'CONSTANT') {
    const place = groupPlace(group);
    return place !== null && place in items ? place : null;
  }
  const meaning = group['class'] === 'COLUMN_REF' ? names.meaningOf(group) : null;
  if (typeof meaning === 'number') return meaning;
  if (!names.areColumns(group)) return null;
  const text = canonical(group);
  const same = items.findIndex((item) => canonical(item) === text);
  return same < 0 ? null : same;
}

function isScalar(node: AstNode, names: SelectNames): boolean {
  switch (node['class']) {
    case 'COLUMN_REF':
      // The name of another item may be that of an aggregate.
      return names.meaningOf(node) === 'column';
    case 'CONSTANT':
      return true;
    case 'CAST':
      return isNode(node['child']) && isScalar(node['child'], names);
    case 'FUNCTION':
      return (
        (node['is_operator'] === true || SCALARS.has(textOf(node['function_name']))) &&
        nodesOf(node['children']).every((child) => isScalar(child, names))
      );
    default:
      return false;
  }
}

/** An expression without its name and its place. */
function canonical(node: AstNode): string {
  return JSON.stringify(node, (key, value: unknown) =>
    key === 'query_location' || key === 'alias' ? undefined : value,
  );
}

/** The rows of both queries, whose columns are the view's in order, with the groups of both as one. */
export function mergeSql(columns: readonly MergedColumn[], kept: string, added: string): string {
  const names = columns.map((_, index) => `m${index}`);
  const items = columns.map((how, index) => (how === 'key' ? `m${index}` : `${how}(m${index})`));
  const keys = names.filter((_, index) => columns[index] === 'key');
  const rows = `SELECT * FROM (${kept}\n) UNION ALL SELECT * FROM (${added}\n)`;
  return `SELECT ${items.join(', ')} FROM (${rows}) AS both_parts(${names.join(', ')})${keys.length === 0 ? '' : ` GROUP BY ${keys.join(', ')}`}`;
}
