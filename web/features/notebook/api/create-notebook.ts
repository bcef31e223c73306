import { useMutation, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { notebook, type CreateNotebookRequest, type Notebook } from '#shared/contract/notebooks.ts';
import { AppError, isAppError } from '#shared/errors/app-error.ts';
import { requestJson } from '#web/lib/api-client.ts';
import { notebookQuery, toldNotebook } from './get-notebook.ts';
import { changeList, notebooksQuery } from './list-notebooks.ts';

async function createNotebook(client: QueryClient, body: CreateNotebookRequest): Promise<Notebook> {
  const created = await toldNotebook(() => requestJson(notebook, 'notebooks', { method: 'POST', body }));
  const { cells, ...rest } = created;
  const summary = { ...rest, cells: cells.length };
  client.setQueryData(notebookQuery(created.id).queryKey, created);
  await changeList(client, (list) => [summary, ...list.filter(({ id }) => id !== created.id)]);
  void client.invalidateQueries({ queryKey: notebooksQuery().queryKey });
  return created;
}

/**
 * Makes the notebook that this browser has under an id.
 *
 * @throws AppError VERSION_CONFLICT where the server has it: another tab was first, or the answer of before was lost
 */
export async function makeNotebook(
  client: QueryClient,
  body: CreateNotebookRequest & { readonly id: string },
): Promise<Notebook> {
  try {
    return await createNotebook(client, body);
  } catch (error) {
    if (!isAppError(error, 'ALREADY_EXISTS')) throw error;
    throw new AppError('VERSION_CONFLICT', error.message, { cause: error });
  }
}

export function useCreateNotebook() {
  const client = useQueryClient();
  return useMutation({ mutationFn: (body: CreateNotebookRequest) => createNotebook(client, body) });
}
