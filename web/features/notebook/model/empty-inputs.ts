import { inputParameters, textsOf } from '#shared/notebook/cell-sql.ts';
import type { NotebookStore } from './notebook-store.ts';

/** The parameters without a value that a cell reads, itself or by the cells that it reads: `$day_from`. */
export function emptyInputs(store: NotebookStore, id: string): readonly string[] {
  const upstream = store.relations.graph.upstream(id);
  const inputs = store.document().cells.filter((cell) => cell.kind === 'input' && upstream.includes(cell.id));
  return inputParameters(inputs).flatMap(({ name, type, value }) =>
    value === null || (type === 'texts' && textsOf(value).length === 0) ? [`$${name}`] : [],
  );
}
