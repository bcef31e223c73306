import { useMutation, useQueryClient } from '@tanstack/react-query';
import { requestNothing } from '#web/lib/api-client.ts';
import { notebookQuery } from './get-notebook.ts';
import { notebooksQuery } from './list-notebooks.ts';

function deleteNotebook(id: string): Promise<void> {
  return requestNothing(`notebooks/${encodeURIComponent(id)}`, { method: 'DELETE' });
}

export function useDeleteNotebook() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: deleteNotebook,
    onSuccess: (_nothing, id) => {
      client.removeQueries({ queryKey: notebookQuery(id).queryKey });
      client.setQueryData(notebooksQuery().queryKey, (list) => list?.filter((each) => each.id !== id));
      return client.invalidateQueries({ queryKey: notebooksQuery().queryKey });
    },
  });
}
