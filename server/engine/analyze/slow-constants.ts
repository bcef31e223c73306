import { functionName, nodesOf } from './ast.ts';
import type { PlanningBudget } from './planning-budget.ts';
import { textLength } from './constant-extents.ts';

/** They hold each character of a text against those of another. */
const COMPARES: ReadonlySet<string> = new Set([
  'damerau_levenshtein',
  'editdist3',
  'jaro_similarity',
  'jaro_winkler_similarity',
  'levenshtein',
]);

/** Pairs of characters in all comparisons of a query: about a second, two for damerau_levenshtein. Measured, v1.5.6. */
const MOST_PAIRS = 100_000_000;

/** For comparisons of constants that take long: DuckDB computes them while it plans, and can't be stopped in one. */
export const SLOW_CONSTANTS: PlanningBudget = {
  most: MOST_PAIRS,
  cost(node) {
    if (!COMPARES.has(functionName(node))) return 0;
    const [left = 0, right = 0] = nodesOf(node['children']).map(textLength);
    return left * right;
  },
  complaint: (node) =>
    `The texts that ${functionName(node)}(…) compares here are too long for constants: it holds each character of one against those of the other, and all of a query may be ${MOST_PAIRS / 1e6} million pairs. Make them shorter, or take them from rows.`,
};
