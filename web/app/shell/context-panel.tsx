import { NotebookList } from './notebook-list.tsx';
import { TableTree } from './table-tree.tsx';

/** Beside the rail: the notebooks and the tables of the current ref. */
export function ContextPanel() {
  return (
    <aside aria-label="Notebooks and tables" className="flex h-full min-h-0 flex-col">
      <NotebookList />
      <TableTree />
    </aside>
  );
}
