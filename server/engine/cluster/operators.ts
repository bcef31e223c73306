import { isNode, nodesOf, textOf, type AstNode, type AstValue } from '../analyze/ast.ts';
import { aggregateSql, orderKeys } from './aggregates.ts';
import { boundType, sameType, trinoType } from './bound-type.ts';
import { translate, typeOf, type Operand } from './expression.ts';
import { joinRows } from './joins.ts';
import { assertKnown } from './known-keys.ts';
import { integerOf } from './literal.ts';
import { refuse, words } from './refuse.ts';
import { aliased, emptyRelation, isName, named, relation, selectSql, type Relation } from './relation.ts';
import { tableFilters } from './table-filters.ts';
import {
  assertScalars,
  checksOneRow,
  isSteady,
  nameQuery,
  renamed,
  type Translation,
} from './translation.ts';
import { windowSql } from './windows.ts';

/** The rows of an operator of DuckDB's bound plan. @throws UNSUPPORTED */
export function translateOperator(node: AstNode, shared: Translation): Relation {
  assertKnown(node);
  const kind = textOf(node['type']);
  const made = OPERATORS.get(kind) ?? refuse(`${words(kind).toLowerCase()} is not on the cluster`);
  return made(node, shared);
}

type Operator = (node: AstNode, shared: Translation) => Relation;

const scan: Operator = (node, { scan: read }) => {
  const data = isNode(node['function_data']) ? node['function_data'] : {};
  if (node['name'] !== 'seq_scan') return refuse(`${textOf(node['name'])} is not on the cluster`);
  const ids = node['projection_ids'];
  if (Array.isArray(ids) && ids.length > 0) return refuse('its plan is none that is known');
  const names = Array.isArray(node['names']) ? node['names'] : [];
  // What counts rows reads a number of the row, which no table of ours has for a column.
  const indexes = nodesOf(node['column_indexes']).map(({ index }) => Number(index));
  const columns = indexes.map((index) => textOf(names[index]));
  const rows = read(textOf(data['table']), columns.length === 0 ? [''] : columns);
  const where = tableFilters(
    node['table_filters'],
    (at) => rows.columns[indexes.indexOf(at)] ?? refuse('its plan is none that is known'),
  );
  return { ...rows, where };
};

const filter: Operator = (node, shared) => {
  let rows = child(node, shared);
  if (rows.limit !== null || rows.offset > 0n || !rows.columns.every(({ sql }) => isName(sql)))
    rows = named(rows, shared.names);
  const conditions = nodesOf(node['expressions']).map((condition) => translate(condition, rows.columns).sql);
  return mapped(node, { ...rows, where: [...rows.where, ...conditions] }, 'projection_map');
};

const projection: Operator = (node, shared) => {
  const rows = child(node, shared);
  const plain = rows.columns.every(({ sql }) => isName(sql)) ? rows : named(rows, shared.names);
  return {
    ...plain,
    columns: nodesOf(node['expressions']).map((expression) => translate(expression, plain.columns)),
  };
};

const order: Operator = (node, shared) => {
  const rows = named(child(node, shared), shared.names);
  const keys = nodesOf(node['orders']).flatMap((key) => orderKeys(key, rows.columns));
  return mapped(node, { ...rows, order: keys }, 'projections');
};

const limit: Operator = (node, shared) => {
  const inner = child(node, shared);
  const rows = inner.limit === null && inner.offset === 0n ? inner : named(inner, shared.names);
  return { ...rows, limit: countOf(node['limit_val']), offset: countOf(node['offset_val']) ?? 0n };
};

function countOf(value: AstValue | undefined): bigint | null {
  const { type, constant_integer: count } = isNode(value) ? value : {};
  if (type === 'UNSET') return null;
  return type === 'CONSTANT_VALUE'
    ? integerOf(count)
    : refuse('a limit that is not constant is not on the cluster');
}

const distinct: Operator = (node, shared) => {
  const rows = named(child(node, shared), shared.names);
  const targets = nodesOf(node['distinct_targets']);
  const isWhole =
    node['distinct_type'] === 'DISTINCT' &&
    targets.length === rows.columns.length &&
    targets.every((target, at) => Number(target['index']) === at);
  if (!isWhole) return refuse('DISTINCT ON is not on the cluster');
  assertScalars(rows.columns, 'DISTINCT');
  const { columns, items } = aliased(rows.columns, shared.names);
  return relation(`(${selectSql({ ...rows, order: [] }, items, true)})`, columns);
};

const aggregate: Operator = (node, shared) => aggregated(node, shared, false);

function aggregated(node: AstNode, shared: Translation, single: boolean): Relation {
  const input = named(child(node, shared), shared.names);
  const groups = nodesOf(node['groups']).map((group) => translate(group, input.columns));
  assertScalars(groups, 'GROUP BY');
  const sets = (Array.isArray(node['grouping_sets']) ? node['grouping_sets'] : []).map((set) =>
    (Array.isArray(set) ? set : []).map(Number),
  );
  // Groups are columns, so that a set of them, and grouping(), can name them.
  const { columns: keys, items: grouped } = aliased(groups, shared.names);
  const passed = input.columns.map(({ sql }) => sql);
  const rows =
    groups.length === 0 ? input.from : `(SELECT ${[...passed, ...grouped].join(', ')} FROM ${input.from})`;
  const values = nodesOf(node['expressions']).map((value): Operand => ({
    sql: aggregateSql(value, input.columns, single),
    type: typeOf(value),
  }));
  const groupings = (Array.isArray(node['grouping_functions']) ? node['grouping_functions'] : []).map(
    (of): Operand => ({
      sql: `CAST(grouping(${(Array.isArray(of) ? of : []).map((at) => keys[Number(at)]?.sql).join(', ')}) AS bigint)`,
      type: { kind: 'name', name: 'BIGINT' },
    }),
  );
  const { columns, items } = aliased([...keys, ...values, ...groupings], shared.names);
  const by =
    sets.length > 1
      ? ` GROUP BY GROUPING SETS (${sets.map((set) => `(${set.map((at) => keys[at]?.sql).join(', ')})`).join(', ')})`
      : keys.length > 0
        ? ` GROUP BY ${keys.map(({ sql }) => sql).join(', ')}`
        : '';
  return relation(`(SELECT ${items.join(', ')} FROM ${rows}${by})`, columns);
}

const window: Operator = (node, shared) => {
  const rows = named(child(node, shared), shared.names);
  const values = nodesOf(node['expressions']).map((value): Operand => ({
    sql: windowSql(value, rows.columns),
    type: typeOf(value),
  }));
  const { columns, items } = aliased(values, shared.names);
  const all = [...rows.columns.map(({ sql }) => sql), ...items];
  return relation(`(SELECT ${all.join(', ')} FROM ${rows.from})`, [...rows.columns, ...columns]);
};

const unnest: Operator = (node, shared) => {
  const rows = named(child(node, shared), shared.names);
  const lists = nodesOf(node['expressions']).map((expression) => {
    const list = isNode(expression['child']) ? translate(expression['child'], rows.columns) : null;
    return list?.type.kind === 'list'
      ? { sql: list.sql, type: list.type.element, name: shared.names.next() }
      : refuse('unnest of this is not on the cluster');
  });
  // Of rows it would make a column a field.
  const wrapped = lists.map(({ sql }) => `transform(${sql}, v -> ROW(v))`);
  const joined = `${rows.from} CROSS JOIN UNNEST(${wrapped.join(', ')}) AS ${shared.names.next()} (${lists.map(({ name }) => name).join(', ')})`;
  return relation(joined, [
    ...rows.columns,
    ...lists.map(({ name, type }): Operand => ({ sql: name, type })),
  ]);
};

const setOperation =
  (word: string): Operator =>
  (node, shared) => {
    const [left, right] = nodesOf(node['children']).map((side) =>
      named(translateOperator(side, shared), shared.names),
    );
    if (left === undefined || right === undefined || nodesOf(node['children']).length !== 2)
      return refuse(`${word} of other than two is not on the cluster`);
    const all = node['setop_all'] === true;
    if (!all) assertScalars(left.columns, word);
    if (left.columns.some(({ type }, at) => !sameType(type, right.columns[at]?.type ?? type)))
      return refuse(`${word} of different types is not on the cluster`);
    const columns = left.columns.map(({ type }): Operand => ({ sql: shared.names.next(), type }));
    const side = (rows: Relation) =>
      selectSql(
        { ...rows, order: [] },
        rows.columns.map(({ sql }, at) => `${sql} AS ${columns[at]?.sql}`),
      );
    return relation(`(${side(left)} ${word}${all ? ' ALL' : ''} ${side(right)})`, columns);
  };

const values: Operator = (node, shared) => {
  const lists = Array.isArray(node['expressions']) ? node['expressions'] : [];
  const rows = lists.map((list) => nodesOf(list).map((value) => translate(value, [])));
  const types = nodesOf(node['expr_types']).map(boundType);
  const columns = types.map((type): Operand => ({ sql: shared.names.next(), type }));
  const texts = rows.map(
    (row) =>
      `(${row.map(({ sql }, at) => `CAST(${sql} AS ${trinoType(types[at] ?? boundType(undefined))})`).join(', ')})`,
  );
  return relation(
    `(VALUES ${texts.join(', ')}) AS ${shared.names.next()} (${columns.map(({ sql }) => sql).join(', ')})`,
    columns,
  );
};

const cte: Operator = (node, shared) => {
  const [definition, query] = nodesOf(node['children']);
  if (definition === undefined || query === undefined) return refuse('a CTE lacks its query');
  const rows = named(translateOperator(definition, shared), shared.names);
  const name = nameQuery(rows, shared);
  const steady = isSteady(definition);
  shared.ctes.set(Number(node['table_index']), { name, columns: rows.columns, steady, reads: 0 });
  return translateOperator(query, shared);
};

const cteReference: Operator = (node, shared) => {
  const found = shared.ctes.get(Number(node['cte_index']));
  if (found === undefined || node['is_recurring'] === true)
    return refuse('recursive queries are not on the cluster');
  found.reads += 1;
  // Trino runs it again for each that reads it.
  if (found.reads > 1 && !found.steady)
    return refuse('a WITH query that is read twice and may differ each time is not on the cluster');
  return renamed(found, shared.names);
};

const outerValues: Operator = (_, shared) =>
  shared.outer === null ? refuse('a subquery is about no query') : renamed(shared.outer, shared.names);

const OPERATORS: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ['LOGICAL_GET', scan],
  ['LOGICAL_FILTER', filter],
  [
    'LOGICAL_PROJECTION',
    (node, shared) => (checksOneRow(node) ? oneRow(node, shared) : projection(node, shared)),
  ],
  ['LOGICAL_ORDER_BY', order],
  ['LOGICAL_LIMIT', limit],
  ['LOGICAL_DISTINCT', distinct],
  ['LOGICAL_AGGREGATE_AND_GROUP_BY', aggregate],
  ['LOGICAL_WINDOW', window],
  ['LOGICAL_UNNEST', unnest],
  ['LOGICAL_UNION', setOperation('UNION')],
  ['LOGICAL_EXCEPT', setOperation('EXCEPT')],
  ['LOGICAL_INTERSECT', setOperation('INTERSECT')],
  ['LOGICAL_EXPRESSION_GET', values],
  ['LOGICAL_DUMMY_SCAN', () => relation(null, [{ sql: '0', type: { kind: 'name', name: 'INTEGER' } }])],
  [
    'LOGICAL_EMPTY_RESULT',
    (node, { names }) => emptyRelation(nodesOf(node['return_types']).map(boundType), names),
  ],
  ['LOGICAL_MATERIALIZED_CTE', cte],
  ['LOGICAL_CTE_REF', cteReference],
  ['LOGICAL_DELIM_GET', outerValues],
  ...['LOGICAL_COMPARISON_JOIN', 'LOGICAL_DELIM_JOIN', 'LOGICAL_ANY_JOIN', 'LOGICAL_CROSS_PRODUCT'].map(
    (name): [string, Operator] => [name, joinRows],
  ),
]);

function oneRow(node: AstNode, shared: Translation): Relation {
  const [below] = nodesOf(node['children']);
  const rows = below === undefined ? refuse('a subquery lacks its rows') : aggregated(below, shared, true);
  return {
    ...rows,
    columns: nodesOf(node['expressions']).map((expression) => translate(expression, rows.columns)),
  };
}

function child(node: AstNode, shared: Translation): Relation {
  const [only, ...more] = nodesOf(node['children']);
  return only === undefined || more.length > 0
    ? refuse('its plan is none that is known')
    : translateOperator(only, shared);
}

/** Some operators pass on some of their values alone. */
function mapped(node: AstNode, rows: Relation, key: string): Relation {
  const map = node[key];
  return !Array.isArray(map) || map.length === 0
    ? rows
    : {
        ...rows,
        columns: map.map((at) => rows.columns[Number(at)] ?? refuse('its plan is none that is known')),
      };
}
