import { sqlError } from './parse.ts';
import { isNode, locationOf, nodesOf, textOf, textsOf, walkAst, writtenText, type AstNode } from './ast.ts';
import {
  BARE_FUNCTIONS,
  scalarFunctionProblem,
  settingProblem,
  tableFunctionProblem,
} from './function-policy.ts';

/** What a query uses, found without resolving names: each set may hold more than what DuckDB would bind. */
export interface SqlUsage {
  /** Lower case; operators too; words that stand for one without parentheses (`current_date`) too. */
  readonly functions: ReadonlySet<string>;
  /** Lower-case names of types in casts. */
  readonly types: ReadonlySet<string>;
  readonly collations: ReadonlySet<string>;
  /** Lower case: every part of every column reference and every USING column. */
  readonly names: ReadonlySet<string>;
  /** True where columns may be used without being named: `*`, whole rows, NATURAL, PIVOT, DESCRIBE, `#1`, `t AS u(a, b)`. */
  readonly unnamedColumns: boolean;
}

const UNNAMED_COLUMNS = new Set(['STAR', 'POSITIONAL_REFERENCE', 'PIVOT', 'SHOW_REF']);
const TAKES_LAMBDA = /^(list|array)_|^(apply|filter|reduce|aggregate|list|array)/;

/**
 * @param positionOf turns a byte offset into a UTF-16 offset of `sql`
 * @throws FORBIDDEN for a function, or a setting, that is not allowed; UNSUPPORTED for parameters.
 */
export function collectUsage(
  root: AstNode,
  sql: string,
  positionOf: (bytes: number | null) => number | null,
): SqlUsage {
  const functions = new Set<string>();
  const types = new Set<string>();
  const collations = new Set<string>();
  const names = new Set<string>();
  const relations = new Set<string>();
  const lastParts: string[] = [];
  let unnamedColumns = false;

  walkAst(root, (node, parents) => {
    const kind = textOf(node['class']) || textOf(node['type']);
    if (UNNAMED_COLUMNS.has(kind) || node['ref_type'] === 'NATURAL') unnamedColumns = true;
    // `t AS u(a, b)`: by their places.
    if (textsOf(node['column_name_alias']).length > 0) unnamedColumns = true;
    for (const column of textsOf(node['using_columns'])) names.add(column.toLowerCase());
    const isReference = node['class'] === undefined && typeof node['type'] === 'string';
    if (isReference)
      for (const key of ['alias', 'table_name']) relations.add(textOf(node[key]).toLowerCase());

    switch (kind) {
      case 'COLUMN_REF': {
        const parts = textsOf(node['column_names']).map((part) => part.toLowerCase());
        for (const part of parts) names.add(part);
        lastParts.push(parts.at(-1) ?? '');
        const word = parts[0] ?? '';
        if (parts.length === 1 && BARE_FUNCTIONS.has(word)) functions.add(word);
        break;
      }
      case 'FUNCTION':
      case 'WINDOW': {
        const name = textOf(node['function_name']).toLowerCase();
        // Of the sign of a number there is nothing to say, and the difference of two values is called the same.
        if (!isSign(name, node)) functions.add(name);
        const position = positionOf(locationOf(node));
        const parent = parents.at(-1);
        const problem =
          parent?.['type'] === 'TABLE_FUNCTION' && parent['function'] === node
            ? tableFunctionProblem(name, sql, position)
            : name === 'current_setting'
              ? settingProblem(settingOf(node), sql, position)
              : scalarFunctionProblem(name, sql, position);
        if (problem !== null) throw problem;
        break;
      }
      case 'LAMBDA':
        // `a -> b` is a lambda as an argument of a list function and JSON extraction everywhere else.
        if (!TAKES_LAMBDA.test(textOf(parents.at(-1)?.['function_name']))) functions.add('->');
        break;
      case 'COLLATE':
        collations.add(textOf(node['collation']).toLowerCase());
        break;
      case 'PARAMETER':
        throw sqlError(
          'UNSUPPORTED',
          'Parameters (?, $1) have no value here; write the value.',
          sql,
          positionOf(locationOf(node)),
        );
    }
    if (isNode(node['cast_type'])) collectTypes(node['cast_type'], types);
  });
  if (lastParts.some((part) => relations.has(part) && part !== '')) unnamedColumns = true;
  return { functions, types, collations, names, unnamedColumns };
}

function collectTypes(type: AstNode, types: Set<string>): void {
  walkAst(type, (node) => {
    for (const key of ['id', 'name']) if (typeof node[key] === 'string') types.add(node[key].toLowerCase());
  });
}

function settingOf(node: AstNode): string | null {
  const [argument, ...others] = nodesOf(node['children']);
  return argument === undefined || others.length > 0 ? null : writtenText(argument);
}

function isSign(name: string, node: AstNode): boolean {
  const children = node['children'];
  return (name === '-' || name === '+') && Array.isArray(children) && children.length === 1;
}
