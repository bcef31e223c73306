import type { QueryClient } from '@tanstack/react-query';
import { composeCell, outlineStatements } from '#web/features/notebook/api/compose-cell.ts';
import { saveNotebook } from '#web/features/notebook/api/save-notebook.ts';
import { Drafts } from '#web/features/notebook/model/drafts.ts';
import { Outliner } from '#web/features/notebook/model/outliner.ts';
import { NotebookStores } from '#web/features/notebook/model/notebook-stores.ts';
import { querySession } from './query-session.ts';

export function createNotebookStores(client: QueryClient): NotebookStores {
  return new NotebookStores({
    session: {
      run: (request) => querySession().run(request),
      write: (request) => {
        const handle = querySession().write(request);
        void refreshAfter(handle.result, client);
        return handle;
      },
    },
    drafts: new Drafts(() => localStorage),
    relations: { outliner: new Outliner(outlineStatements), compose: composeCell },
    save: async (id, { cells, ...rest }, version) => {
      const saved = await saveNotebook(client, id, { ...rest, cells: [...cells], version });
      return saved.version;
    },
  });
}

/** Tables and history are others then. Who waits for the outcome hears of a failure. */
async function refreshAfter(written: Promise<unknown>, client: QueryClient): Promise<void> {
  await written.catch(() => undefined);
  await Promise.all(['tables', 'refs'].map((key) => client.invalidateQueries({ queryKey: [key] })));
}
