import { useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useCallback } from 'react';
import { errorMessage, isAppError } from '#shared/errors/app-error.ts';
import { useToast } from '#web/components/toast.tsx';
import { useCreateNotebook } from '#web/features/notebook/api/create-notebook.ts';
import { useDeleteNotebook } from '#web/features/notebook/api/delete-notebook.ts';
import { notebookQuery } from '#web/features/notebook/api/get-notebook.ts';
import { notebooksQuery } from '#web/features/notebook/api/list-notebooks.ts';
import type { NotebookDocument } from '#web/features/notebook/model/document.ts';
import { distinctTitle, freeTitle, titleOf, UNTITLED } from '#web/features/notebook/model/free-title.ts';
import { newCell } from '#web/features/notebook/model/new-cell.ts';
import { useNotebookStores } from '#web/features/notebook/model/notebook-stores.ts';
import { isOffline } from '#web/lib/kept-answers.ts';
import { openStore } from './open-store.ts';

/** What can be done with notebooks as a whole; used by the list, the palette and the notebook's own page. */
export function useNotebookActions() {
  const client = useQueryClient();
  const navigate = useNavigate();
  const toast = useToast();
  const stores = useNotebookStores();
  const { id: current } = useParams({ strict: false });
  const { mutateAsync: createNotebook } = useCreateNotebook();
  const { mutateAsync: deleteNotebook } = useDeleteNotebook();

  const createFrom = useCallback(
    async (document: NotebookDocument) => {
      const body = { ...document, cells: [...document.cells] };
      const made = await createNotebook(body).catch((error: unknown) => {
        // The server is away, or refuses this browser: the notebook waits here, like an edit.
        if (isOffline(error) || isAppError(error, 'UNAUTHENTICATED')) return stores.make(document);
        throw error;
      });
      await navigate({ to: '/notebooks/$id', params: { id: made.id } });
      return made;
    },
    [createNotebook, navigate, stores],
  );

  const known = useCallback(
    () => [...stores.made(), ...(client.getQueryData(notebooksQuery().queryKey) ?? [])],
    [client, stores],
  );

  /** Makes one that may have come from another here: where its folder has the title, it gets the next that is free. */
  const createBeside = useCallback(
    async (document: NotebookDocument) => {
      // Others may have made some since; away from the server, those count that were known before.
      await client.fetchQuery(notebooksQuery()).catch(() => undefined);
      const taken = known().filter(({ folder }) => folder === document.folder);
      const title = distinctTitle(
        titleOf(document.title),
        taken.map((each) => each.title),
      );
      return createFrom({ ...document, title });
    },
    [client, createFrom, known],
  );

  const create = useCallback(() => {
    const taken = known().map(({ title }) => title);
    createFrom({ title: freeTitle(UNTITLED, taken), cells: [newCell('sql')] }).catch((error: unknown) => {
      toast({ title: 'The notebook was not made.', description: errorMessage(error), tone: 'bad' });
    });
  }, [createFrom, known, toast]);

  const duplicate = useCallback(
    async (id: string) => {
      const { title, cells, folder, mode } =
        stores.documentOf(id) ?? (await client.fetchQuery(notebookQuery(id)));
      await createBeside({
        ...(folder === undefined ? {} : { folder }),
        ...(mode === undefined ? {} : { mode }),
        title,
        cells: cells.map((cell) => ({ ...cell, id: crypto.randomUUID() })),
      });
    },
    [client, createBeside, stores],
  );

  const remove = useCallback(
    async (id: string) => {
      const document = stores.documentOf(id) ?? (await client.fetchQuery(notebookQuery(id)));
      if (!stores.made().some((each) => each.id === id)) await deleteNotebook(id);
      stores.drop(id);
      if (current === id) {
        const next = client.getQueryData(notebooksQuery().queryKey)?.find((each) => each.id !== id);
        if (next === undefined) await navigate({ to: '/' });
        else await navigate({ to: '/notebooks/$id', params: { id: next.id } });
      }
      toast({
        title: `“${titleOf(document.title)}” is deleted.`,
        action: {
          label: 'Undo',
          run: () => {
            createFrom(document).catch((error: unknown) => {
              toast({
                title: 'The notebook did not come back.',
                description: errorMessage(error),
                tone: 'bad',
              });
            });
          },
        },
      });
    },
    [client, createFrom, current, deleteNotebook, navigate, stores, toast],
  );

  const move = useCallback(
    async (id: string, folder: string | undefined) => {
      const store = await openStore(client, stores, id);
      const title = titleOf(store.document().title);
      const back = store.edit({ type: 'folder', folder });
      await store.flush();
      const state = store.saveState();
      if (state.kind === 'failed') {
        back();
        throw state.error;
      }
      toast({
        title: folder === undefined ? `“${title}” is in no folder.` : `“${title}” is in ${folder}.`,
        ...(state.kind === 'offline'
          ? { description: 'This browser keeps that, and saves it once the server answers.' }
          : {}),
        action: { label: 'Undo', run: back },
      });
    },
    [client, stores, toast],
  );

  return { create, createBeside, duplicate, move, remove };
}
