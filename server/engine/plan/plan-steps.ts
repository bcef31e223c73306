import type { PlanStep } from '#shared/contract/explanation.ts';
import { parseJson } from '#shared/util/json.ts';

/** A table as a plan of DuckDB's calls it, and as people do. */
export interface StepTable {
  readonly name: string;
  /** What the plan calls a column (`_c0_`, or by field id `c7`) to its name. */
  readonly columns: ReadonlyMap<string, string>;
}

/** A node of EXPLAIN's JSON, with and without ANALYZE. */
interface PlanNode {
  readonly name?: string;
  readonly operator_name?: string;
  readonly operator_timing?: number;
  readonly operator_cardinality?: number | bigint;
  readonly extra_info?: Readonly<Record<string, unknown>>;
  readonly children?: readonly PlanNode[];
}

const NAMES: Readonly<Record<string, string>> = {
  CHUNK_GET: 'Values',
  COLUMN_DATA_SCAN: 'Values',
  COMPARISON_JOIN: 'Join',
  DELIM_GET: 'Keys of the outer query',
  DUMMY_SCAN: 'One row',
  EMPTY_RESULT: 'No rows',
  HASH_GROUP_BY: 'Aggregate',
  ORDER_BY: 'Sort',
  PERFECT_HASH_GROUP_BY: 'Aggregate',
  READ_PARQUET: 'Scan',
  SEQ_SCAN: 'Scan',
  TOP_N: 'Top rows',
  UNGROUPED_AGGREGATE: 'Aggregate',
};

/** What EXPLAIN says of a step beside the values themselves; what is not here, people have no use for. */
const LABELS = new Map([
  ['Aggregates', ''],
  ['Condition', 'on '],
  ['Conditions', 'on '],
  ['CTE Name', ''],
  ['Expression', ''],
  ['Expressions', ''],
  ['Filters', 'where '],
  ['Groups', 'by '],
  ['Join Type', ''],
  ['Order By', 'by '],
  ['Projections', ''],
  ['Top', 'first '],
]);
/** Values of one kind are one line, as long as it stays readable. */
const SHOWN = 12;
const LINE_CHARACTERS = 300;

/**
 * The steps of a plan, as EXPLAIN (FORMAT json) of DuckDB has it.
 *
 * @param tableOf the table that a scan reads, by what EXPLAIN says of the scan
 */
export function planSteps(
  roots: readonly PlanNode[],
  tableOf: (info: Readonly<Record<string, unknown>>) => StepTable | null,
): PlanStep[] {
  const steps: PlanStep[] = [];
  const visit = (node: PlanNode, depth: number): void => {
    const name = (node.operator_name ?? node.name ?? '').trim();
    const children = node.children ?? [];
    const [child] = children;
    // Every view of ours names the columns of its scan once more; who asked for the plan is no step of it.
    if (name === 'EXPLAIN_ANALYZE' || (isRenaming(node, name) && child !== undefined)) {
      for (const below of children) visit(below, depth);
      return;
    }
    const info = node.extra_info ?? {};
    const table = tableOf(info);
    const columns = (table ?? tableBelow(node, tableOf))?.columns;
    const renamed = (text: string) => unquoted(columns === undefined ? text : rename(text, columns));
    steps.push({
      depth,
      name: table === null ? friendlyName(name) : `Scan ${table.name}`,
      details: detailsOf(info).map(renamed),
      ...(node.operator_cardinality === undefined ? {} : { rows: Number(node.operator_cardinality) }),
      ...(node.operator_timing === undefined ? {} : { milliseconds: node.operator_timing * 1000 }),
    });
    for (const below of children) visit(below, depth + 1);
  };
  for (const root of roots) visit(root, 0);
  return steps;
}

/**
 * The table whose rows a condition is over: between it and its scan may be joins that ask whether rows are there, and
 * nothing has named the columns yet. Null for another step.
 */
function tableBelow(
  node: PlanNode,
  tableOf: (info: Readonly<Record<string, unknown>>) => StepTable | null,
): StepTable | null {
  if ((node.operator_name ?? node.name ?? '').trim() !== 'FILTER') return null;
  for (let below = node.children?.[0]; below !== undefined; below = below.children?.[0]) {
    const table = tableOf(below.extra_info ?? {});
    if (table !== null) return table;
    if ((below.operator_name ?? below.name ?? '').trim() === 'PROJECTION') return null;
  }
  return null;
}

export function readPlan(json: string): readonly PlanNode[] {
  const parsed = parseJson(json) as PlanNode | readonly PlanNode[];
  return 'length' in parsed ? parsed : [parsed];
}

function isRenaming(node: PlanNode, name: string): boolean {
  const [child, ...others] = node.children ?? [];
  if (name !== 'PROJECTION' || child === undefined || others.length > 0) return false;
  const below = (child.operator_name ?? child.name ?? '').trim();
  if (below === 'SEQ_SCAN' || below === 'READ_PARQUET') return true;
  // A measured plan passes columns on by number.
  return texts(node.extra_info?.['Projections']).every((text) => /^#\d+$/.test(text));
}

function friendlyName(name: string): string {
  const known = NAMES[name];
  if (known !== undefined) return known;
  const words = name.replaceAll('_', ' ').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function detailsOf(info: Readonly<Record<string, unknown>>): string[] {
  const lines: string[] = [];
  for (const [key, label] of LABELS) {
    const values = texts(info[key]);
    if (values.length === 0) continue;
    const more = values.length - SHOWN;
    const line = `${label}${values.slice(0, SHOWN).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
    lines.push(line.length > LINE_CHARACTERS ? `${line.slice(0, LINE_CHARACTERS)}…` : line);
  }
  return lines;
}

function texts(value: unknown): string[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.filter((item) => typeof item === 'string' && item !== '') as string[];
}

function rename(text: string, columns: ReadonlyMap<string, string>): string {
  // What is in quotes is a value.
  return text.replaceAll(/'[^']*'|\b\w+\b/g, (word) => columns.get(word) ?? word);
}

/** DuckDB quotes names of functions that are also words of its grammar. */
function unquoted(text: string): string {
  return text.replaceAll(/'(?:[^']|'')*'|"(\w+)"(?=\()/g, (found, name: string | undefined) => name ?? found);
}
