import { isNode, nodesOf, textOf, walkAst, type AstNode } from '../analyze/ast.ts';
import { attempt, type Mismatch } from './mismatch.ts';
import { blockForm, type BlockForm } from './block-form.ts';
import { blockSources, type FoundTable } from './block-sources.ts';
import type { FunctionKinds } from './function-kinds.ts';
import type { SnapshotSchema } from './snapshot-schema.ts';

/** Functions of many rows whose value for the same ones is the same, in whichever order they come. */
const ORDERLESS = new Set(['bool_and', 'bool_or', 'count', 'count_star', 'max', 'min']);

/** Every SELECT of a query over tables of the catalog alone, outer ones first; or why it is not compared. */
export function findBlocks(
  root: AstNode,
  tables: ReadonlyMap<AstNode, FoundTable>,
  kinds: FunctionKinds,
  schemaOf: SnapshotSchema,
): readonly (BlockForm | Mismatch)[] {
  const found: (BlockForm | Mismatch)[] = [];
  const taken = new Set<AstNode>();
  walkAst(root, (node, parents) => {
    const from = node['from_table'];
    if (node['type'] !== 'SELECT_NODE' || !isNode(from)) return;
    // `(FROM t)` is a table to the SELECT around it.
    if (parents.some((parent) => taken.has(parent))) return;
    const block = attempt(() => {
      const sources = blockSources(from, tables, kinds, schemaOf);
      return sources === null ? null : blockForm(node, sources, kinds);
    });
    if (block === null) return;
    taken.add(from);
    found.push(block);
  });
  return found;
}

/** Whether something around a SELECT may see the order in which its rows come. */
export function seesOrder(root: AstNode, block: BlockForm, kinds: FunctionKinds): boolean {
  if (root === block.node) return false;
  let sees = false;
  walkAst(root, (node, parents) => {
    if (node !== block.node && !parents.includes(block.node) && dependsOnOrder(node, kinds)) sees = true;
  });
  return sees;
}

function dependsOnOrder(node: AstNode, { aggregates }: FunctionKinds): boolean {
  const name = textOf(node['function_name']);
  if (node['class'] === 'WINDOW' || (aggregates.has(name) && !ORDERLESS.has(name))) return true;
  // SUMMARIZE has approximations, and these joins pair rows by their places or take any of some.
  if (node['type'] === 'SHOW_REF' || ['ASOF', 'POSITIONAL'].includes(textOf(node['ref_type']))) return true;
  return nodesOf(node['modifiers']).some(
    ({ type, distinct_on_targets: on }) => textOf(type).startsWith('LIMIT') || nodesOf(on).length > 0,
  );
}
