import { locationOf, nodesOf, walkAst, type AstNode } from './ast.ts';
import { functionName, textLength } from './huge-constants.ts';
import { sqlError } from './parse.ts';

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

/**
 * Refuses comparisons of constants that take long: DuckDB computes them while it plans, and can't be stopped in one.
 *
 * @throws UNSUPPORTED with the place of the longest
 */
export function refuseSlowConstants(
  root: AstNode,
  sql: string,
  positionOf: (bytes: number | null) => number | null,
): void {
  let total = 0;
  let longest = { pairs: 0, node: root };
  walkAst(root, (node) => {
    if (!COMPARES.has(functionName(node))) return;
    const [left = 0, right = 0] = nodesOf(node['children']).map(textLength);
    const pairs = left * right;
    total += pairs;
    if (pairs > longest.pairs) longest = { pairs, node };
  });
  if (total <= MOST_PAIRS) return;
  const { node } = longest;
  throw sqlError(
    'UNSUPPORTED',
    `The texts that ${functionName(node)}(…) compares here are too long for constants: it holds each character of one against those of the other, and all of a query may be ${MOST_PAIRS / 1e6} million pairs. Make them shorter, or take them from rows.`,
    sql,
    positionOf(locationOf(node)),
  );
}
