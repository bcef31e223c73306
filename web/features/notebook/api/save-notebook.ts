import type { QueryClient } from '@tanstack/react-query';
import {
  notebook,
  type Notebook,
  type NotebookSummary,
  type SaveNotebookRequest,
} from '#shared/contract/notebooks.ts';
import { requestJson } from '#web/lib/api-client.ts';
import { notebookQuery } from './get-notebook.ts';
import { notebooksQuery } from './list-notebooks.ts';

/** @throws AppError VERSION_CONFLICT where somebody else saved in between */
export async function saveNotebook(
  client: QueryClient,
  id: string,
  body: SaveNotebookRequest,
): Promise<Notebook> {
  const saved = await requestJson(notebook, `notebooks/${encodeURIComponent(id)}`, { method: 'PUT', body });
  client.setQueryData(notebookQuery(id).queryKey, saved);
  client.setQueryData(notebooksQuery().queryKey, (list) =>
    list?.map((each) => (each.id === id ? listed(each, saved) : each)),
  );
  return saved;
}

/** What the answer does not say of a notebook in the list stays; a folder that it does not have, it has left. */
function listed(
  { folder: _before, ...known }: NotebookSummary,
  { cells, ...saved }: Notebook,
): NotebookSummary {
  return { ...known, ...saved, cells: cells.length };
}
