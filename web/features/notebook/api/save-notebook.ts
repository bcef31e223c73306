import type { QueryClient } from '@tanstack/react-query';
import {
  notebook,
  type Notebook,
  type NotebookSummary,
  type SaveNotebookRequest,
} from '#shared/contract/notebooks.ts';
import { requestJson } from '#web/lib/api-client.ts';
import { notebookQuery, toldNotebook } from './get-notebook.ts';
import { changeList } from './list-notebooks.ts';

/** @throws AppError VERSION_CONFLICT where somebody else saved in between */
export async function saveNotebook(
  client: QueryClient,
  id: string,
  body: SaveNotebookRequest,
): Promise<Notebook> {
  const path = `notebooks/${encodeURIComponent(id)}`;
  const saved = await toldNotebook(() => requestJson(notebook, path, { method: 'PUT', body }));
  await noteSaved(client, saved);
  return saved;
}

/** Takes what the server has now into what is shown and kept of it. */
export async function noteSaved(client: QueryClient, saved: Notebook): Promise<void> {
  client.setQueryData(notebookQuery(saved.id).queryKey, saved);
  await changeList(client, (list) => list.map((each) => (each.id === saved.id ? listed(each, saved) : each)));
}

/** What the answer does not say of a notebook in the list stays; a folder that it does not have, it has left. */
function listed(
  { folder: _before, ...known }: NotebookSummary,
  { cells, ...saved }: Notebook,
): NotebookSummary {
  return { ...known, ...saved, cells: cells.length };
}
