import { useMutation, useQueryClient } from '@tanstack/react-query';
import { isAppError } from '#shared/errors/app-error.ts';
import { requestNothing } from '#web/lib/api-client.ts';
import { forgetNotebook, notebookQuery } from './get-notebook.ts';
import { changeList, notebooksQuery } from './list-notebooks.ts';

async function deleteNotebook(id: string): Promise<void> {
  try {
    await requestNothing(`notebooks/${encodeURIComponent(id)}`, { method: 'DELETE' });
  } catch (error) {
    // Somebody else was first.
    if (!isAppError(error, 'NOT_FOUND')) throw error;
  }
}

export function useDeleteNotebook() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: deleteNotebook,
    onSuccess: async (_nothing, id) => {
      client.removeQueries({ queryKey: notebookQuery(id).queryKey });
      await Promise.all([
        forgetNotebook(id),
        changeList(client, (list) => list.filter((each) => each.id !== id)),
      ]);
      return client.invalidateQueries({ queryKey: notebooksQuery().queryKey });
    },
  });
}
