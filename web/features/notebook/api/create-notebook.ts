import { useMutation, useQueryClient } from '@tanstack/react-query';
import { notebook, type Notebook } from '#shared/contract/notebooks.ts';
import { requestJson } from '#web/lib/api-client.ts';
import type { NotebookDocument } from '../model/document.ts';
import { notebookQuery } from './get-notebook.ts';
import { notebooksQuery } from './list-notebooks.ts';

function createNotebook(body: NotebookDocument): Promise<Notebook> {
  return requestJson(notebook, 'notebooks', { method: 'POST', body });
}

export function useCreateNotebook() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: createNotebook,
    onSuccess: (created) => {
      client.setQueryData(notebookQuery(created.id).queryKey, created);
      return client.invalidateQueries({ queryKey: notebooksQuery().queryKey });
    },
  });
}
