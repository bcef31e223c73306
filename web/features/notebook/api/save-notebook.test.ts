import { QueryClient } from '@tanstack/react-query';
import { afterEach, expect, it, vi } from 'vitest';
import type { Notebook } from '#shared/contract/notebooks.ts';
import { notebooksQuery } from './list-notebooks.ts';
import { saveNotebook } from './save-notebook.ts';

afterEach(() => vi.unstubAllGlobals());

it('takes a notebook that left its folder out of it in the list, and keeps what a save does not say', async () => {
  const saved: Notebook = { id: 'n', title: 'T', cells: [], version: 4, updatedAt: '2026-11-02T00:00:00Z' };
  vi.stubGlobal('fetch', () => Promise.resolve(Response.json(saved)));
  const client = new QueryClient();
  const { queryKey } = notebooksQuery();
  const other = { id: 'o', title: 'O', folder: 'Kept', version: 1, updatedAt: '2026-11-01T00:00:00Z' };
  const before = { ...other, id: 'n', folder: 'Left', excerpt: 'How it begins', cells: 7 };
  client.setQueryData(queryKey, [before, other]);
  await saveNotebook(client, 'n', { title: 'T', cells: [], version: 3 });
  expect(client.getQueryData(queryKey)).toEqual([
    {
      id: 'n',
      title: 'T',
      version: 4,
      updatedAt: '2026-11-02T00:00:00Z',
      excerpt: 'How it begins',
      cells: 0,
    },
    other,
  ]);
});
