import { locationOf, walkAst, type AstNode } from './ast.ts';
import { sqlError } from './parse.ts';

/** What may not be asked for without end while a statement is only planned. */
export interface PlanningBudget {
  /** What a node takes of it, 0 for most; parents as walkAst gives them. */
  cost(node: AstNode, parents: readonly AstNode[]): number;
  /** For all nodes of a statement. */
  readonly most: number;
  /** Of the node that takes most, where all take too much. */
  complaint(node: AstNode): string;
}

/** @throws UNSUPPORTED for the first budget that is exceeded, with the place of the node that takes most of it */
export function refuseAbove(
  budgets: readonly PlanningBudget[],
  root: AstNode,
  sql: string,
  positionOf: (bytes: number | null) => number | null,
): void {
  const spent = budgets.map((budget) => ({ budget, total: 0, largest: 0, node: root }));
  walkAst(root, (node, parents) => {
    for (const each of spent) {
      const cost = each.budget.cost(node, parents);
      each.total += cost;
      if (cost > each.largest) Object.assign(each, { largest: cost, node });
    }
  });
  for (const { budget, total, node } of spent)
    if (total > budget.most)
      throw sqlError('UNSUPPORTED', budget.complaint(node), sql, positionOf(locationOf(node)));
}
