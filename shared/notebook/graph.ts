import type { Cell } from '../contract/notebooks.ts';
import type { SqlOutline } from '../contract/notebook-relations.ts';
import { cellSql, inputParameters } from './cell-sql.ts';
import { givenName } from './named-cells.ts';
import { placeholders } from './placeholders.ts';

export type CellProblem =
  | { readonly kind: 'duplicate-name'; readonly name: string; readonly cells: readonly string[] }
  /** Ids of the cells, each of which reads the next, and the last the first. */
  | { readonly kind: 'cycle'; readonly cells: readonly string[] };

/** Which cell of a notebook reads which. Cells are named by their ids. */
export interface NotebookGraph {
  /** Cells that a cell names in its SQL or its text, inputs too. */
  reads(id: string): readonly string[];
  /** All that a cell rests on, near or far, each after what it rests on itself. Empty within a cycle. */
  upstream(id: string): readonly string[];
  /** All that rest on a cell, each after what it rests on itself. */
  downstream(id: string): readonly string[];
  problem(id: string): CellProblem | null;
  /** Cells in an order in which each comes after those of them that it reads. */
  sort(ids: readonly string[]): readonly string[];
}

/**
 * @param outlineOf what the parser found in a text; undefined where it was not asked yet, which counts as nothing
 */
export function notebookGraph(
  cells: readonly Cell[],
  outlineOf: (sql: string) => SqlOutline | undefined,
): NotebookGraph {
  const named = cellsByName(cells);
  const reads = new Map(cells.map((cell) => [cell.id, readsOf(cell, named, outlineOf)]));
  const readers = new Map<string, string[]>();
  for (const [id, sources] of reads)
    for (const source of sources) readers.set(source, [...(readers.get(source) ?? []), id]);
  const cycles = findCycles(reads);
  const order = new Map(cells.map(({ id }, index) => [id, index]));
  const problems = new Map<string, CellProblem>();
  for (const cycle of cycles) for (const id of cycle) problems.set(id, { kind: 'cycle', cells: cycle });
  for (const [name, ids] of named)
    if (ids.length > 1) for (const id of ids) problems.set(id, { kind: 'duplicate-name', name, cells: ids });
  return {
    reads: (id) => reads.get(id) ?? [],
    upstream: (id) => (problems.get(id)?.kind === 'cycle' ? [] : sorted(id, reads, order)),
    downstream: (id) => topological(sorted(id, readers, order), reads, order),
    problem: (id) => problems.get(id) ?? null,
    sort: (ids) => topological(ids, reads, order),
  };
}

/** Ids of the cells of each name, in lower case. An input of two dates has its name, and one for each date. */
export function cellsByName(cells: readonly Cell[]): Map<string, string[]> {
  const named = new Map<string, string[]>();
  const add = (name: string, id: string) => {
    const key = name.toLowerCase();
    const ids = named.get(key) ?? [];
    if (!ids.includes(id)) named.set(key, [...ids, id]);
  };
  for (const cell of cells) {
    const name = givenName(cell);
    if (name !== undefined) add(name, cell.id);
    for (const { name } of inputParameters([cell])) add(name, cell.id);
  }
  return named;
}

function readsOf(
  cell: Cell,
  named: ReadonlyMap<string, readonly string[]>,
  outlineOf: (sql: string) => SqlOutline | undefined,
): readonly string[] {
  const names =
    cell.kind === 'markdown'
      ? placeholders(cell.source).map(({ name }) => name)
      : namesOf(cellSql(cell), outlineOf);
  return [...new Set(names.flatMap((name) => named.get(name.toLowerCase()) ?? []))];
}

function namesOf(sql: string | null, outlineOf: (sql: string) => SqlOutline | undefined): string[] {
  const outline = sql === null ? undefined : outlineOf(sql);
  return [...(outline?.relations ?? []), ...(outline?.parameters ?? [])].map(({ name }) => name);
}

/** Everything that can be reached from a cell, without the cell, deepest first. */
function sorted(
  from: string,
  edges: ReadonlyMap<string, readonly string[]>,
  order: ReadonlyMap<string, number>,
): string[] {
  const done: string[] = [];
  const seen = new Set([from]);
  const visit = (id: string) => {
    const next = [...(edges.get(id) ?? [])].sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
    for (const each of next) {
      if (seen.has(each)) continue;
      seen.add(each);
      visit(each);
      done.push(each);
    }
  };
  visit(from);
  return done;
}

/** The cells so that each comes after those of them that it reads; as they stand where that leaves a choice. */
function topological(
  ids: readonly string[],
  reads: ReadonlyMap<string, readonly string[]>,
  order: ReadonlyMap<string, number>,
): string[] {
  const left = [...ids].sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
  const result: string[] = [];
  while (left.length > 0) {
    const at = left.findIndex((id) =>
      (reads.get(id) ?? []).every((each) => each === id || !left.includes(each)),
    );
    result.push(...left.splice(Math.max(0, at), 1));
  }
  return result;
}

/** Circles of cells, one for each cell that a walk comes back to. */
function findCycles(reads: ReadonlyMap<string, readonly string[]>): string[][] {
  const cycles: string[][] = [];
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (id: string): void => {
    const at = path.indexOf(id);
    if (at >= 0) {
      cycles.push(path.slice(at));
      return;
    }
    if (done.has(id)) return;
    path.push(id);
    for (const next of reads.get(id) ?? []) visit(next);
    path.pop();
    done.add(id);
  };
  for (const id of reads.keys()) visit(id);
  return cycles;
}
