import { locationOf, walkAst, type AstNode } from './ast.ts';
import { sqlError } from './parse.ts';

/** What may not be asked for without end while a statement is only planned. */
export interface ConstantBudget {
  /** What a node takes of it, 0 for most; parents as walkAst gives them. */
  cost(node: AstNode, parents: readonly AstNode[]): number;
  /** For all nodes of a statement. */
  readonly most: number;
  /** Of the node that takes most, where all take too much. */
  complaint(node: AstNode): string;
}

/** @throws UNSUPPORTED with the place of the node that takes most */
export function refuseAbove(
  budget: ConstantBudget,
  root: AstNode,
  sql: string,
  positionOf: (bytes: number | null) => number | null,
): void {
  let total = 0;
  let largest = { cost: 0, node: root };
  walkAst(root, (node, parents) => {
    const cost = budget.cost(node, parents);
    total += cost;
    if (cost > largest.cost) largest = { cost, node };
  });
  if (total <= budget.most) return;
  const { node } = largest;
  throw sqlError('UNSUPPORTED', budget.complaint(node), sql, positionOf(locationOf(node)));
}
