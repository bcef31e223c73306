import { isNode, nodesOf, textOf, type AstNode } from '../analyze/ast.ts';
import { isUnsteady } from './aggregates.ts';
import { isScalar } from './bound-type.ts';
import type { Operand } from './expression.ts';
import { refuse } from './refuse.ts';
import { aliased, relation, selectSql, type Names, type Relation } from './relation.ts';

/** What the operators of one plan share. */
export interface Translation {
  /** The rows of an operator. @throws UNSUPPORTED */
  readonly rowsOf: (node: AstNode, shared: Translation) => Relation;
  readonly names: Names;
  /** What a scan of DuckDB's stand-in for a table reads. @throws UNSUPPORTED */
  readonly scan: (tableName: string, columnNames: readonly string[]) => Relation;
  /** Queries by name that stand before the whole one, in their order. */
  readonly with: string[];
  /** Of each CTE, by DuckDB's number for it. */
  readonly ctes: Map<
    number,
    { readonly name: string; readonly columns: readonly Operand[]; readonly steady: boolean; reads: number }
  >;
  /** The values that a subquery is about, of the join whose right side is being translated. */
  readonly outer: { readonly name: string; readonly columns: readonly Operand[] } | null;
}

const LONGEST_WITH = 200_000;

/** Puts a query before the whole one, and says its name. @throws UNSUPPORTED where that gets too long */
export function nameQuery(rows: Relation, shared: Translation): string {
  const name = shared.names.next();
  shared.with.push(
    `${name} AS (${selectSql(
      { ...rows, order: [] },
      rows.columns.map(({ sql }) => sql),
    )})`,
  );
  if (shared.with.reduce((sum, { length }) => sum + length, 0) > LONGEST_WITH)
    return refuse('it would be too long for the cluster');
  return name;
}

export function renamed(
  { name, columns }: { readonly name: string; readonly columns: readonly Operand[] },
  names: Names,
): Relation {
  const { columns: fresh, items } = aliased(columns, names);
  return relation(`(SELECT ${items.join(', ')} FROM ${name})`, fresh);
}

/** Whether it gives the same each time it runs over the same rows: nothing in it takes some rows of those that are alike. */
export function isSteady(node: AstNode): boolean {
  if (['LOGICAL_LIMIT', 'LOGICAL_WINDOW'].includes(textOf(node['type']))) return false;
  // Of one row, any is the first.
  const below = checksOneRow(node)
    ? nodesOf(node['children']).flatMap((rows) => nodesOf(rows['children']))
    : null;
  if (below !== null) return below.every(isSteady);
  const aggregates = nodesOf(node['expressions']).filter(
    (value) => value['expression_class'] === 'BOUND_AGGREGATE',
  );
  return !aggregates.some(isUnsteady) && nodesOf(node['children']).every(isSteady);
}

/** @throws UNSUPPORTED for what is made of others */
export function assertScalars(columns: readonly Operand[], what: string): void {
  if (columns.some(({ type }) => !isScalar(type))) refuse(`${what} of nested values is not on the cluster`);
}

/** A scalar subquery fails where it has a second row, so that its first is any. */
export function checksOneRow(node: AstNode): boolean {
  const [below] = nodesOf(node['children']);
  const [first] = nodesOf(node['expressions']);
  const [check] = nodesOf(first?.['case_checks']);
  const then = check?.['then_expr'];
  return below?.['type'] === 'LOGICAL_AGGREGATE_AND_GROUP_BY' && isNode(then) && then['name'] === 'error';
}
