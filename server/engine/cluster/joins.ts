import { isNode, nodesOf, textOf, type AstNode } from '../analyze/ast.ts';
import { isExact, isFloat, isNamed, trinoType } from './bound-type.ts';
import { assertComparable, compareSql } from './comparison.ts';
import { translate, type Operand } from './expression.ts';
import { isSteady, nameQuery, renamed, type Translation } from './translation.ts';
import { refuse } from './refuse.ts';
import { aliased, named, relation, type Relation } from './relation.ts';

const OUTER = new Map([
  ['INNER', 'JOIN'],
  ['LEFT', 'LEFT JOIN'],
  ['RIGHT', 'RIGHT JOIN'],
  ['OUTER', 'FULL JOIN'],
  ['FULL', 'FULL JOIN'],
]);
const FILTERING = new Set(['SEMI', 'ANTI', 'MARK']);

interface Condition {
  readonly left: Operand;
  readonly right: Operand;
  readonly kind: string;
}

/** @throws UNSUPPORTED */
export function joinRows(node: AstNode, shared: Translation): Relation {
  const [leftNode, rightNode] = nodesOf(node['children']);
  if (leftNode === undefined || rightNode === undefined) return refuse('a join lacks a side');
  if (isNode(node['predicate']) || node['delim_flipped'] === true || mapsColumns(node))
    return refuse('its plan is none that is known');
  if (node['type'] !== 'LOGICAL_DELIM_JOIN') {
    const left = named(shared.rowsOf(leftNode, shared), shared.names);
    const right = named(shared.rowsOf(rightNode, shared), shared.names);
    return joined(node, left, right, shared);
  }
  // A subquery that is about the rows of its query: DuckDB answers it for all of these at once, without repeats.
  if (!isSteady(leftNode))
    return refuse('a subquery about rows that may differ each time is not on the cluster');
  const rows = named(shared.rowsOf(leftNode, shared), shared.names);
  const name = nameQuery(rows, shared);
  const left = renamed({ name, columns: rows.columns }, shared.names);
  const keys = nodesOf(node['duplicate_eliminated_columns']).map((key) => translate(key, rows.columns));
  for (const { type } of keys) {
    assertComparable(type);
    if (isFloat(type)) return refuse('subqueries about floats are not on the cluster');
  }
  const { columns, items } = aliased(keys, shared.names);
  const outerName = shared.names.next();
  shared.with.push(`${outerName} AS (SELECT DISTINCT ${items.join(', ')} FROM ${name})`);
  const inner = { ...shared, outer: { name: outerName, columns } };
  return joined(node, left, named(shared.rowsOf(rightNode, inner), shared.names), shared);
}

function joined(node: AstNode, left: Relation, right: Relation, shared: Translation): Relation {
  const type = textOf(node['join_type']);
  const columns = [...left.columns, ...right.columns];
  if (node['type'] === 'LOGICAL_CROSS_PRODUCT')
    return relation(`${left.from} CROSS JOIN ${right.from}`, columns);
  if (node['type'] === 'LOGICAL_ANY_JOIN') {
    const word = OUTER.get(type) ?? refuse(`a join ${type} on any condition is not on the cluster`);
    const condition = isNode(node['condition'])
      ? translate(node['condition'], columns).sql
      : refuse('a join lacks its condition');
    return outerJoin(left, right, word, condition, columns);
  }
  const conditions = nodesOf(node['conditions']).map((condition): Condition => ({
    left: isNode(condition['left'])
      ? translate(condition['left'], left.columns)
      : refuse('a join lacks a value'),
    right: isNode(condition['right'])
      ? translate(condition['right'], right.columns)
      : refuse('a join lacks a value'),
    kind: textOf(condition['comparison']),
  }));
  if (FILTERING.has(type)) return filteringJoin(type, conditions, left, right, shared);
  if (type === 'SINGLE') return singleJoin(conditions, left, right, shared);
  const word = OUTER.get(type) ?? refuse(`a join ${type} is not on the cluster`);
  return outerJoin(left, right, word, conditions.map(conditionSql).join(' AND '), columns);
}

function outerJoin(
  left: Relation,
  right: Relation,
  word: string,
  condition: string,
  columns: readonly Operand[],
): Relation {
  return relation(`${left.from} ${word} ${right.from} ON ${condition}`, columns);
}

/** Equal values are looked up; NULLs that equal each other are, too, as values of their own. */
function conditionSql({ left, right, kind }: Condition): string {
  if (kind !== 'COMPARE_NOT_DISTINCT_FROM') {
    if (kind === 'COMPARE_EQUAL' && isFloat(left.type))
      return refuse('joins by floats are not on the cluster');
    return compareSql(kind, left, right);
  }
  assertComparable(left.type);
  const zero = zeroOf(left);
  if (zero === null) return compareSql(kind, left, right);
  const [a, b] = [left.sql, right.sql];
  return `coalesce(${a}, ${zero}) = coalesce(${b}, ${zero}) AND (${a} IS NULL) = (${b} IS NULL)`;
}

function zeroOf({ type }: Operand): string | null {
  if (isNamed(type, 'VARCHAR')) return "''";
  if (isNamed(type, 'DATE')) return "DATE '2000-01-01'";
  return isExact(type) ? `CAST(0 AS ${trinoType(type)})` : null;
}

/** Rows of the left side that have a partner, that have none, or with whether they do. */
function filteringJoin(
  type: string,
  conditions: readonly Condition[],
  left: Relation,
  right: Relation,
  shared: Translation,
): Relation {
  const isAbout = conditions.every(({ kind }) => kind === 'COMPARE_NOT_DISTINCT_FROM');
  if (type === 'MARK' && !isAbout) return markJoin(conditions, left, right, shared);
  if (conditions.some(({ kind }) => !['COMPARE_EQUAL', 'COMPARE_NOT_DISTINCT_FROM'].includes(kind)))
    return refuse('a join of rows that have a greater or smaller partner is not on the cluster');
  const { columns: keys, items } = aliased(
    conditions.map((condition) => condition.right),
    shared.names,
  );
  const mark = shared.names.next();
  const partners = `(SELECT DISTINCT ${[...items, `TRUE AS ${mark}`].join(', ')} FROM ${right.from})`;
  const on = conditions.map((condition, at) =>
    conditionSql({ ...condition, right: keys[at] ?? condition.right }),
  );
  const from = `${left.from} LEFT JOIN ${partners} ON ${on.join(' AND ')}`;
  const has = `(${mark} IS NOT NULL)`;
  if (type === 'MARK')
    return relation(from, [...left.columns, { sql: has, type: { kind: 'name', name: 'BOOLEAN' } }]);
  return { ...relation(from, left.columns), where: [type === 'SEMI' ? has : `NOT ${has}`] };
}

/** Where NULLs make an answer unknown. */
function markJoin(
  conditions: readonly Condition[],
  left: Relation,
  right: Relation,
  shared: Translation,
): Relation {
  const [only, ...more] = conditions;
  if (only === undefined || more.length > 0)
    return refuse('IN with a subquery about its row is not on the cluster');
  assertComparable(only.left.type);
  if (isFloat(only.left.type)) return refuse('IN with a subquery of floats is not on the cluster');
  const rows = `(SELECT ${only.right.sql} FROM ${right.from})`;
  const signs: Readonly<Record<string, string>> = {
    COMPARE_EQUAL: 'IN',
    COMPARE_LESSTHAN: '< ANY',
    COMPARE_LESSTHANOREQUALTO: '<= ANY',
    COMPARE_GREATERTHAN: '> ANY',
    COMPARE_GREATERTHANOREQUALTO: '>= ANY',
  };
  const sign = signs[only.kind] ?? refuse('this comparison with a subquery is not on the cluster');
  const mark = shared.names.next();
  const items = [...left.columns.map(({ sql }) => sql), `(${only.left.sql} ${sign} ${rows}) AS ${mark}`];
  return relation(`(SELECT ${items.join(', ')} FROM ${left.from})`, [
    ...left.columns,
    { sql: mark, type: { kind: 'name', name: 'BOOLEAN' } },
  ]);
}

/** At most one partner, or it fails. */
function singleJoin(
  conditions: readonly Condition[],
  left: Relation,
  right: Relation,
  shared: Translation,
): Relation {
  if (conditions.some(({ kind }) => kind !== 'COMPARE_NOT_DISTINCT_FROM'))
    return refuse('a subquery of one value on such a condition is not on the cluster');
  const count = shared.names.next();
  const keys = conditions.map(({ right: { sql } }) => sql).join(', ');
  const items = [...right.columns.map(({ sql }) => sql), `count(*) OVER (PARTITION BY ${keys}) AS ${count}`];
  const from = `${left.from} LEFT JOIN (SELECT ${items.join(', ')} FROM ${right.from}) ON ${conditions.map(conditionSql).join(' AND ')}`;
  const message = 'More than one row returned by a subquery used as an expression';
  const columns = right.columns.map(({ sql, type }): Operand => ({
    sql: `IF(${count} > 1, CAST(fail('${message}') AS ${trinoType(type)}), ${sql})`,
    type,
  }));
  return relation(from, [...left.columns, ...columns]);
}

/** Some plans leave out values that nothing needs; none that is made for this does. */
function mapsColumns(node: AstNode): boolean {
  return [node['left_projection_map'], node['right_projection_map']].some(
    (map) => Array.isArray(map) && map.length > 0,
  );
}
