import type { QueryClient } from '@tanstack/react-query';
import { notebook, type Notebook, type SaveNotebookRequest } from '#shared/contract/notebooks.ts';
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
  const { cells, ...summary } = saved;
  client.setQueryData(notebookQuery(id).queryKey, saved);
  client.setQueryData(notebooksQuery().queryKey, (list) =>
    list?.map((each) => (each.id === id ? { ...each, ...summary, cells: cells.length } : each)),
  );
  return saved;
}
