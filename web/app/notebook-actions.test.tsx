import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createMemoryHistory, createRootRoute, createRouter, RouterProvider } from '@tanstack/react-router';
import { cleanup, render, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Notebook } from '#shared/contract/notebooks.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { ToastProvider } from '#web/components/toast.tsx';
import { TooltipProvider } from '#web/components/tooltip.tsx';
import { notebookQuery } from '#web/features/notebook/api/get-notebook.ts';
import { Drafts } from '#web/features/notebook/model/drafts.ts';
import type { NotebookDocument } from '#web/features/notebook/model/document.ts';
import { KeptResults } from '#web/features/notebook/model/kept-results.ts';
import { NotebookStores, NotebookStoresProvider } from '#web/features/notebook/model/notebook-stores.ts';
import { noRelations } from '#web/features/notebook/testing/no-relations.ts';
import { MemoryRecords } from '#web/lib/testing/memory-records.ts';
import { useNotebookActions } from './notebook-actions.ts';

const notebook: Notebook = {
  id: 'n',
  title: '',
  folder: 'Old',
  cells: [],
  version: 3,
  updatedAt: '2026-11-01T00:00:00Z',
};

type Save = (id: string, document: NotebookDocument, version: number) => Promise<number>;
type Move = ReturnType<typeof useNotebookActions>['move'];

beforeEach(() => {
  localStorage.clear();
  // The router's, which jsdom lacks.
  vi.stubGlobal('scrollTo', () => undefined);
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

/** The page's way to move a notebook that the server has. */
async function open(save: Save): Promise<{ move: Move; stores: NotebookStores }> {
  const client = new QueryClient({ defaultOptions: { queries: { staleTime: Infinity, retry: false } } });
  client.setQueryData(notebookQuery('n').queryKey, notebook);
  const records = new MemoryRecords();
  const stores = new NotebookStores({
    session: { run: vi.fn<() => never>(), write: vi.fn<() => never>() },
    drafts: new Drafts(() => localStorage, records),
    results: new KeptResults(records),
    relations: noRelations(),
    save,
    load: () => Promise.reject(new Error('Nobody else edits here.')),
    onRun: () => undefined,
    locks: { hold: () => () => undefined, whereFree: async (_, work) => work() },
  });
  let move: Move | null = null;
  function Page() {
    ({ move } = useNotebookActions());
    return null;
  }
  const router = createRouter({
    routeTree: createRootRoute({ component: Page }),
    history: createMemoryHistory(),
  });
  render(
    <QueryClientProvider client={client}>
      <NotebookStoresProvider value={stores}>
        <TooltipProvider>
          <ToastProvider>
            <RouterProvider router={router as never} />
          </ToastProvider>
        </TooltipProvider>
      </NotebookStoresProvider>
    </QueryClientProvider>,
  );
  await waitFor(() => expect(move).not.toBeNull(), { timeout: 20_000 });
  return { move: move as unknown as Move, stores };
}

it('says where a notebook is once that is saved, and no such thing where the server refuses it', async () => {
  const folders: (string | undefined)[] = [];
  const save = vi.fn<Save>(async (_, { folder }, version) => {
    folders.push(folder);
    return version + 1;
  });
  const { move, stores } = await open(save);
  await move('n', 'New');
  expect(folders).toEqual(['New']);
  await screen.findAllByText('“Untitled” is in New.', undefined, { timeout: 20_000 });

  save.mockRejectedValueOnce(new AppError('INVALID_INPUT', 'It is too large.'));
  await expect(move('n', undefined)).rejects.toThrow('It is too large.');
  expect(screen.queryByText(/is in no folder/)).toBeNull();
  expect(stores.documentOf('n')?.folder).toBe('New');

  save.mockRejectedValue(new AppError('UNAVAILABLE', 'It is away.'));
  await move('n', 'Later');
  await screen.findAllByText(/saves it once the server answers/, undefined, { timeout: 20_000 });
  expect(stores.documentOf('n')?.folder).toBe('Later');
  stores.drop('n');
});
