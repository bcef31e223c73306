import { TriangleAlert } from 'lucide-react';
import { useSyncExternalStore } from 'react';
import type { NotebookStore } from '../model/notebook-store.ts';

/** Why a cell can't take its place among the others: a circle, or a name that two cells have. */
export function CellProblem({ store, id }: { store: NotebookStore; id: string }) {
  // The document may stay as it is while the parser's answer comes in.
  const problem = useSyncExternalStore(store.subscribe, () => store.relations.graph.problem(id));
  if (problem === null) return null;
  const others = problem.cells.filter((each) => each !== id).map((each) => store.nameOf(each));
  return (
    <p role="alert" className="flex items-start gap-2 border-t bg-warn-soft px-3 py-1.5 text-xs text-ink">
      <TriangleAlert aria-hidden className="size-4 shrink-0 text-warn" strokeWidth={1.75} />
      {problem.kind === 'cycle' ? (
        <span>
          Cells read each other in a circle:{' '}
          <span className="font-mono">
            {[...problem.cells, problem.cells[0] ?? id].map((each) => store.nameOf(each)).join(' → ')}
          </span>
          . {others.length === 0 ? 'A cell can’t read itself.' : 'None of them can run.'} Where a table is
          meant, name it with its namespace.
        </span>
      ) : (
        <span>
          {problem.cells.length} cells are named <span className="font-mono">{problem.name}</span>. Cells that
          read it can’t run until all but one have another name.
        </span>
      )}
    </p>
  );
}
