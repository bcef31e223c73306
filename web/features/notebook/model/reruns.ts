import type { Cell } from '#shared/contract/notebooks.ts';
import { inputParameters } from '#shared/notebook/cell-sql.ts';
import { relationSql } from '#shared/notebook/relation-sql.ts';
import { writesAnything } from '#shared/sql/write-statements.ts';
import type { NotebookStore } from './notebook-store.ts';
import type { RunPart, RunTarget } from './run-store.ts';

/** Runs a cell, and then what rests on it where the notebook reruns by itself. */
export async function runCell(store: NotebookStore, id: string, ref: string, part?: RunPart): Promise<void> {
  const target = store.target(id, ref, part);
  // Nothing to run is answered with nothing, not with what the cell came to before it was emptied.
  if (target === null) return store.runs.forget(id);
  const done = await store.runs.run(target);
  if (done && part === undefined) await rerunReaders(store, [id], ref);
}

/** Runs these cells, each after what it reads; see RunStore.runAll for what a failure stops. */
export async function runCells(store: NotebookStore, ids: readonly string[], ref: string): Promise<void> {
  await store.relations.settled();
  const targets: RunTarget[] = [];
  for (const id of store.relations.graph.sort(ids)) {
    const target = store.target(id, ref);
    if (target === null) store.runs.forget(id);
    else targets.push(target);
  }
  await store.runs.runAll(targets);
}

/** Shows no answers any more, and keeps none for the next visit. */
export function clearResults(store: NotebookStore): void {
  for (const { id } of store.document().cells) store.runs.forget(id);
}

/** What shows nothing but what it reads runs without being asked for. */
const FOLLOWS: ReadonlySet<Cell['kind']> = new Set(['chart', 'metric', 'pivot', 'input']);

/** Runs again what rests on these cells and was made from something else than what is here now. */
export async function rerunReaders(store: NotebookStore, ids: readonly string[], ref: string): Promise<void> {
  if (store.document().mode === 'manual') return;
  await store.relations.settled();
  const { graph } = store.relations;
  const readers = new Set(ids.flatMap((id) => graph.downstream(id)));
  const stale = store
    .document()
    .cells.filter(({ id }) => readers.has(id) && !ids.includes(id) && wantsRun(store, id, ref));
  if (stale.length > 0)
    await runCells(
      store,
      stale.map(({ id }) => id),
      ref,
    );
}

/** Cells whose answer is not that of the notebook as it is. */
export function staleCells(store: NotebookStore, ref: string): string[] {
  return store
    .document()
    .cells.filter(({ id }) => wantsRun(store, id, ref))
    .map(({ id }) => id);
}

function wantsRun(store: NotebookStore, id: string, ref: string): boolean {
  const target = store.target(id, ref);
  // What changes a table runs when somebody asks for it, and never by itself.
  if (target === null || writesAnything(target.sql)) return false;
  const run = store.runs.get(id);
  const kind = store.document().cells.find((cell) => cell.id === id)?.kind;
  // An answer of an earlier visit is as none, where a new one costs nothing but the asking.
  if (run === undefined || (run.kind === 'done' && run.kept !== undefined && !store.isStale(id, ref)))
    return kind !== undefined && FOLLOWS.has(kind);
  return run.kind === 'failed' || run.kind === 'cancelled' || store.isStale(id, ref);
}

/** Null for what others don't read, or that runs when it changes. */
function valueOf(cell: Cell): string | null {
  if (cell.kind === 'input') return JSON.stringify(inputParameters([cell]));
  return cell.kind === 'chart' && cell.name !== undefined ? relationSql(cell) : null;
}

/**
 * Ids of the inputs that have another value than in cells before, and of charts that are something else to those that
 * read them: neither runs itself.
 */
export function changedInputs(before: readonly Cell[], after: readonly Cell[]): string[] {
  if (before === after) return [];
  const values = (cells: readonly Cell[]) => new Map(cells.map((cell) => [cell.id, valueOf(cell)]));
  const old = values(before);
  return [...values(after)].flatMap(([id, value]) => (value !== null && old.get(id) !== value ? [id] : []));
}
