import { isNode, locationOf, nodesOf, textsOf, walkAst, type AstNode, type AstValue } from './ast.ts';
import type { PlanningBudget } from './planning-budget.ts';
import { sqlError } from './parse.ts';

/** Parts of set operations: 3 s, and 400 MB that DuckDB's memory limit does not count; both grow with the square. Measured, v1.5.6. */
const MOST_PARTS = 4000;

/** For UNION with very many parts: each is a pipeline that depends on the others, and DuckDB can't be stopped while it makes them. */
export const SET_PARTS: PlanningBudget = {
  most: MOST_PARTS,
  cost: (node) => (node['type'] === 'SET_OPERATION_NODE' ? 1 : 0),
  complaint: () =>
    `The query is put together by UNION, EXCEPT or INTERSECT of more than ${thousands(MOST_PARTS)} parts, which takes DuckDB very long. Write constants as VALUES (…), (…), or put the rows into a table.`,
};

interface Problem {
  readonly message: string;
  /** Where it is, if somewhere. */
  readonly node: AstNode | null;
}

/** @throws UNSUPPORTED for a query whose plan takes DuckDB so long, or so much memory, that it would keep others waiting */
export function refuseLargePlans(
  root: AstNode,
  sql: string,
  positionOf: (bytes: number | null) => number | null,
): void {
  const problem = deepPlan(root) ?? manyEqual(root);
  if (problem === null) return;
  const { message, node } = problem;
  throw sqlError('UNSUPPORTED', message, sql, node === null ? null : positionOf(locationOf(node)));
}

/**
 * How many steps of a plan lie below each other, by what each kind takes of MOST_STEPS: EXPLAIN writes a plan with the cube of
 * its depth, in time and in memory. It is about 3 s and 400 MB. Measured, v1.5.6.
 */
const STEPS = { join: 1, expression: 1, subquery: 2, difference: 3 } as const;
const MOST_STEPS = 500;

type Kind = keyof typeof STEPS;

const NAMES: Readonly<Record<Kind, string>> = {
  join: 'joins',
  expression: 'WITH queries',
  subquery: 'subqueries',
  difference: 'parts of EXCEPT or INTERSECT',
};

interface Steps {
  readonly total: number;
  readonly counts: Readonly<Record<Kind, number>>;
  /** The last one of the kind that takes most. */
  readonly places: Readonly<Partial<Record<Kind, AstNode>>>;
}

const NONE: Steps = { total: 0, counts: { join: 0, expression: 0, subquery: 0, difference: 0 }, places: {} };

function deepPlan(root: AstNode): Problem | null {
  const { total, counts, places } = stepsOf(root);
  if (total <= MOST_STEPS) return null;
  let worst: Kind = 'join';
  for (const kind of ['expression', 'subquery', 'difference'] as const)
    if (counts[kind] * STEPS[kind] > counts[worst] * STEPS[worst]) worst = kind;
  const message = `The query has ${thousands(counts[worst])} ${NAMES[worst]} that build on each other, and ${Math.floor(MOST_STEPS / STEPS[worst])} are possible: DuckDB would plan it for very long, and can't be stopped. Put some of its rows into a table first, by CREATE TABLE … AS, and read that.`;
  return { message, node: places[worst] ?? null };
}

function stepsOf(value: AstValue | undefined): Steps {
  if (Array.isArray(value)) return (value as readonly AstValue[]).map(stepsOf).reduce(both, NONE);
  if (!isNode(value)) return NONE;
  if (value['type'] === 'SET_OPERATION_NODE' && value['setop_type'] === 'UNION') {
    // Its parts lie side by side.
    const { left, right, cte_map: named, modifiers } = value;
    return both(stepsOf([named ?? null, modifiers ?? null]), deeper(stepsOf(left), stepsOf(right)));
  }
  let steps = NONE;
  for (const key in value) {
    const inner = value[key];
    if (typeof inner === 'object' && inner !== null) steps = both(steps, stepsOf(inner));
  }
  const kind = kindOf(value);
  return kind === null ? steps : both(steps, step(kind, value));
}

function kindOf(node: AstNode): Kind | null {
  if (node['type'] === 'SET_OPERATION_NODE') return 'difference';
  if (node['type'] === 'JOIN' && isNode(node['left'])) return 'join';
  if (node['class'] === 'SUBQUERY') return 'subquery';
  return 'materialized' in node ? 'expression' : null;
}

function step(kind: Kind, node: AstNode): Steps {
  return { total: STEPS[kind], counts: { ...NONE.counts, [kind]: 1 }, places: { [kind]: node } };
}

function both(a: Steps, b: Steps): Steps {
  if (a === NONE) return b;
  if (b === NONE) return a;
  return {
    total: a.total + b.total,
    counts: {
      join: a.counts.join + b.counts.join,
      expression: a.counts.expression + b.counts.expression,
      subquery: a.counts.subquery + b.counts.subquery,
      difference: a.counts.difference + b.counts.difference,
    },
    places: { ...a.places, ...b.places },
  };
}

function deeper(a: Steps, b: Steps): Steps {
  return b.total > a.total ? b : a;
}

/** Columns that joins say are all equal: 3 s for 64, half a minute for 100. Measured, v1.5.6. */
const MOST_EQUAL = 64;

/**
 * The join by which too many columns are equal; null where there is none. Each of their tables may be joined to each, and DuckDB
 * looks for the best order among all pairs.
 */
function manyEqual(root: AstNode): Problem | null {
  const found: AstNode[] = [];
  walkAst(root, (node) => {
    const join = found.length === 0 && node['type'] === 'SELECT_NODE' ? tooManyEqual(node) : null;
    if (join !== null) found.push(join);
  });
  const [node] = found;
  if (node === undefined) return null;
  return {
    message: `More than ${MOST_EQUAL} tables are joined by the same column here: DuckDB would look for the best order of them for very long, and can't be stopped. Put the rows of some of them together first, by CREATE TABLE … AS or UNION ALL.`,
    node,
  };
}

function tooManyEqual(select: AstNode): AstNode | null {
  const classes = new EqualColumns();
  for (const join of innerJoins(select['from_table'])) {
    const shared = [...textsOf(join['using_columns']), ...(join['ref_type'] === 'NATURAL' ? [''] : [])];
    const sizes = shared.map((name) => classes.count(`using ${name.toLowerCase()}`));
    sizes.push(...equalities(join['condition']).map(([a, b]) => classes.join(a, b)));
    if (sizes.some((size) => size > MOST_EQUAL)) return join;
  }
  for (const [a, b, node] of equalities(select['where_clause']))
    if (classes.join(a, b) > MOST_EQUAL) return node;
  return null;
}

function innerJoins(from: AstValue | undefined): AstNode[] {
  if (!isNode(from) || from['type'] !== 'JOIN') return [];
  const below = [...innerJoins(from['left']), ...innerJoins(from['right'])];
  return from['join_type'] === 'INNER' ? [...below, from] : below;
}

/** Columns that a condition says are equal in every row. */
function equalities(condition: AstValue | undefined): (readonly [string, string, AstNode])[] {
  if (!isNode(condition)) return [];
  if (condition['type'] === 'CONJUNCTION_AND') return nodesOf(condition['children']).flatMap(equalities);
  const { type, left, right } = condition;
  if (type !== 'COMPARE_EQUAL' || !isNode(left) || !isNode(right)) return [];
  const [a, b] = [columnName(left), columnName(right)];
  return a === '' || b === '' ? [] : [[a, b, condition]];
}

function columnName(node: AstNode): string {
  return node['class'] === 'COLUMN_REF' ? textsOf(node['column_names']).join('.').toLowerCase() : '';
}

/** Columns by which others they are equal to. */
class EqualColumns {
  readonly #above = new Map<string, string>();
  readonly #sizes = new Map<string, number>();

  /** How many are equal with these two. */
  join(a: string, b: string): number {
    const [first, second] = [this.#top(a), this.#top(b)];
    const size = this.#size(first) + (first === second ? 0 : this.#size(second));
    if (first !== second) this.#above.set(second, first);
    this.#sizes.set(first, size);
    return size;
  }

  /** One more that is called so. */
  count(name: string): number {
    const size = this.#size(name) + 1;
    this.#sizes.set(name, size);
    return size;
  }

  #size(name: string): number {
    return this.#sizes.get(name) ?? 1;
  }

  #top(name: string): string {
    let top = name;
    for (let above = this.#above.get(top); above !== undefined; above = this.#above.get(top)) top = above;
    return top;
  }
}

function thousands(count: number): string {
  return count.toLocaleString('en-US');
}
