import type { QueryClient } from '@tanstack/react-query';
import { saveNotebook } from '#web/features/notebook/api/save-notebook.ts';
import { Drafts } from '#web/features/notebook/model/drafts.ts';
import { NotebookStores } from '#web/features/notebook/model/notebook-stores.ts';
import { querySession } from './query-session.ts';

export function createNotebookStores(client: QueryClient): NotebookStores {
  return new NotebookStores({
    session: { run: (request) => querySession().run(request) },
    drafts: new Drafts(() => localStorage),
    save: async (id, { title, cells }, version) => {
      const saved = await saveNotebook(client, id, { title, cells: [...cells], version });
      return saved.version;
    },
  });
}
