import { parseJson } from '#shared/util/json.ts';
import { isNode, nodesOf, textOf, walkAst, type AstNode, type AstValue } from '../analyze/ast.ts';
import { emptyTableIndex } from './explain.ts';

/** Which column of a table a name is, by its index. */
export type ColumnNames = ReadonlyMap<string, number>;

/** A name that several columns go by, or something that is no column. */
const AMBIGUOUS = -1;

/**
 * What conditions above the scans of each table call its columns. A plan that is explained has names alone, and these can
 * be any that the query gives (`SELECT a AS b, b AS a`); a serialized one has places too.
 *
 * @param plan the optimized plan, with all columns of its tables, as DuckDB serializes it
 */
export function readColumnNames(plan: string, tableCount: number): readonly ColumnNames[] {
  const names = Array.from({ length: tableCount }, () => new Map<string, number>());
  const root = parsePlan(plan);
  if (root === null) return names;
  walkAst(root, (node) => {
    if (node['type'] !== 'LOGICAL_FILTER') return;
    const below = readThrough(node);
    const known = below === null ? undefined : names[below.table];
    if (below === null || known === undefined) return;
    // One that has a name of its own is explained by that.
    if (nodesOf(node['expressions']).some((one) => !isReference(one) && textOf(one['alias']) !== ''))
      known.set('', AMBIGUOUS);
    walkAst(node['expressions'], (expression) => {
      if (!isReference(expression)) return;
      const alias = textOf(expression['alias']);
      const column = below.columns[numberOf(expression['index'])] ?? AMBIGUOUS;
      known.set(alias, (known.get(alias) ?? column) === column ? column : AMBIGUOUS);
    });
  });
  return names;
}

function parsePlan(text: string): AstNode | null {
  try {
    const root = parseJson(text) as AstValue;
    return isNode(root) && root['error'] !== true ? root : null;
  } catch {
    // Its numbers are not all JSON (`nan`).
    return null;
  }
}

/** What a step has for columns: which of the table they are, or none. */
interface Rows {
  readonly table: number;
  readonly columns: readonly number[];
}

/** Of a step over rows of one table of ours, with nothing between but what filters and names them. */
function rowsOf(node: AstNode | undefined): Rows | null {
  switch (textOf(node?.['type'])) {
    case 'LOGICAL_GET':
      return node === undefined ? null : scannedRows(node);
    case 'LOGICAL_FILTER': {
      const below = node === undefined ? null : readThrough(node);
      const places = numbersOf(node?.['projection_map']);
      return below === null || places.length === 0 ? below : pick(below, places);
    }
    case 'LOGICAL_PROJECTION': {
      const below = node === undefined ? null : readThrough(node);
      const places = nodesOf(node?.['expressions']).map((each) =>
        isReference(each) ? numberOf(each['index']) : AMBIGUOUS,
      );
      return below === null ? null : pick(below, places);
    }
    default:
      return null;
  }
}

function readThrough(node: AstNode): Rows | null {
  const [child, ...others] = nodesOf(node['children']);
  return others.length > 0 ? null : rowsOf(child);
}

function pick({ table, columns }: Rows, places: readonly number[]): Rows {
  return { table, columns: places.map((place) => columns[place] ?? AMBIGUOUS) };
}

function scannedRows(node: AstNode): Rows | null {
  const data = node['function_data'];
  const table = isNode(data) ? emptyTableIndex(textOf(data['table'])) : null;
  if (table === null) return null;
  const read = nodesOf(node['column_indexes']).map((column) =>
    // A field inside of one is another column.
    nodesOf(column['child_indexes']).length > 0 ? AMBIGUOUS : numberOf(column['index']),
  );
  const places = numbersOf(node['projection_ids']);
  return { table, columns: places.length === 0 ? read : places.map((place) => read[place] ?? AMBIGUOUS) };
}

function isReference(node: AstNode): boolean {
  return node['expression_class'] === 'BOUND_REF';
}

function numberOf(value: AstValue | undefined): number {
  return typeof value === 'number' ? value : AMBIGUOUS;
}

function numbersOf(value: AstValue | undefined): readonly number[] {
  return Array.isArray(value) ? (value as readonly AstValue[]).map(numberOf) : [];
}
