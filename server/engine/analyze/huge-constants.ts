import { functionName, isTableFunction, type AstNode } from './ast.ts';
import type { PlanningBudget } from './planning-budget.ts';
import { extentOfCall } from './constant-extents.ts';

/** What DuckDB takes while it folds a constant: for each byte of text, and for each value of a list. Measured, v1.5.6. */
const PER_BYTE = 4;
const PER_VALUE = 100;
const MOST_BYTES = 1_200_000_000;

/**
 * For constants that would take the process's memory: DuckDB computes them while it plans, outside of its memory limit, and
 * can't be stopped in one of its functions. So it is with what a function makes of a row by such a constant (`range(300000000 + id)`).
 */
export function hugeConstants(): PlanningBudget {
  const counted = new Set<AstNode>();
  return {
    most: MOST_BYTES,
    cost(node, parents) {
      // What is in a call that is counted is counted with it.
      if (counted.size > 0 && parents.some((outer) => counted.has(outer))) return 0;
      const extent = extentOfCall(node);
      if (extent === null || isTableFunction(node, parents.at(-1))) return 0;
      counted.add(node);
      return extent.text * PER_BYTE + (extent.values ?? 0) * PER_VALUE;
    },
    complaint: (node) =>
      `What ${functionName(node)}(…) makes here is too large for one value: all that a query's constants ask for may be ${MOST_BYTES / PER_BYTE / 1e6} MB of text, or ${MOST_BYTES / PER_VALUE / 1e6} million values. Make it smaller, or have rows in its place, such as FROM range(…).`,
  };
}
