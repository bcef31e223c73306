import { functionName, nodesOf, textOf, textsOf, walkAst, type AstNode } from './ast.ts';
import type { PlanningBudget } from './planning-budget.ts';

/**
 * What DuckDB's binder and optimizer do with expressions within each other grows with the cube of the depth and more, and
 * nothing stops it. The limits are one to four seconds each, for all that looks at a query. Measured, v1.5.6.
 */
const EXPRESSIONS: ReadonlySet<string> = new Set(['FUNCTION', 'OPERATOR', 'COMPARISON', 'CONJUNCTION']);
/** Of these the types are within each other too. */
const NESTED_TYPES: ReadonlySet<string> = new Set(['list_value', 'struct_pack', 'row']);
const PER_NESTED_TYPE = 20;
/** The sum of the squares of how deep each call is: one expression may be 400 deep, ten may be 185 deep. */
const MOST_DEPTH = 21_500_000;
/** Depths below this come to nothing, however many there are. */
const SHALLOW = 30;

/** For calls and operators within each other. */
export const NESTED_CALLS: PlanningBudget = {
  most: MOST_DEPTH,
  cost(node, parents) {
    if (parents.length < SHALLOW || !EXPRESSIONS.has(textOf(node['class']))) return 0;
    let depth = 0;
    for (let at = parents.length - 1; at >= 0; at -= 1) {
      const kind = parents[at]?.['class'];
      if (kind === undefined) break;
      if (EXPRESSIONS.has(textOf(kind))) depth += 1;
    }
    return depth < SHALLOW ? 0 : depth * depth * (NESTED_TYPES.has(functionName(node)) ? PER_NESTED_TYPE : 1);
  },
  complaint: () =>
    "The SQL has calls or operators too deep within each other: DuckDB would plan it for long, and can't be stopped. One expression may be 400 deep, lists and structs 145. Write a long chain of + as list_sum([…]) and of || as concat(…), or compute a part in a subquery.",
};

/** What is bound again for each lambda or arrow that it stands in: a second. */
const MOST_ARROWS = 2 ** 20;

/** For lambdas within each other, and chains of `->`, which DuckDB's parser takes for lambdas: each binds what is in it twice. */
export const NESTED_ARROWS: PlanningBudget = {
  most: MOST_ARROWS,
  cost(node, parents) {
    if (node['class'] !== 'LAMBDA') return 0;
    return 2 ** parents.filter((outer) => outer['class'] === 'LAMBDA').length;
  },
  complaint: () =>
    "The SQL has too many -> or lambdas within each other: DuckDB works twice as long for each, and can't be stopped; 18 are possible. Write a path of JSON as one text, such as json_extract(j, '$.a.b.c').",
};

/** Expressions that stand for names, in all lists of columns: about a second. */
const MOST_ALIASES = 5000;

/**
 * For columns that name columns before them (`SELECT 1 AS a, a + a AS b, b + b AS c`): DuckDB puts the expression in the place
 * of the name each time.
 */
export function namedBefore(): PlanningBudget {
  const counts = new Map<AstNode, number>();
  return {
    most: MOST_ALIASES,
    cost(node) {
      if (node['type'] === 'SELECT_NODE') countNames(nodesOf(node['select_list']), counts);
      return counts.get(node) ?? 0;
    },
    complaint: (node) =>
      `The columns of this SELECT name columns before them too often, up to ${textOf(node['alias'])}: DuckDB puts the whole expression in the place of each name. Compute some of them in a subquery, and name them outside of it.`,
  };
}

function countNames(items: readonly AstNode[], counts: Map<AstNode, number>): void {
  const known = new Map<string, number>();
  for (const item of items) {
    const alias = textOf(item['alias']).toLowerCase();
    let count = 0;
    let namesItself = false;
    walkAst(known.size === 0 && alias === '' ? null : item, (node) => {
      if (node['class'] !== 'COLUMN_REF') return;
      const [name = '', ...others] = textsOf(node['column_names']);
      if (others.length > 0) return;
      if (name.toLowerCase() === alias) namesItself = true;
      count += known.get(name.toLowerCase()) ?? 0;
    });
    if (count > 0) counts.set(item, count);
    // `trim(a) AS a`: there is a column of the name, which goes before.
    if (alias !== '' && !namesItself && !known.has(alias)) known.set(alias, 1 + count);
  }
}
