import { QueryClient } from '@tanstack/react-query';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Notebook } from '#shared/contract/notebooks.ts';
import { MemoryRecords } from '#web/lib/testing/memory-records.ts';
import { getNotebook, notebookQuery } from './get-notebook.ts';
import { notebooksQuery } from './list-notebooks.ts';
import { saveNotebook } from './save-notebook.ts';

const browser = vi.hoisted(() => ({ records: null as MemoryRecords | null }));
vi.mock('#web/lib/kept-records.ts', () => ({
  browserRecords: (): Pick<MemoryRecords, 'get' | 'all' | 'change' | 'remove'> => ({
    get: (name) => records().get(name),
    all: (prefix) => records().all(prefix),
    change: (name, next) => records().change(name, next),
    remove: (names) => records().remove(names),
  }),
}));
function records(): MemoryRecords {
  return (browser.records ??= new MemoryRecords());
}

beforeEach(() => void (browser.records = new MemoryRecords()));
afterEach(() => vi.unstubAllGlobals());

const of = (version: number, title: string): Notebook => ({
  id: 'n',
  title,
  cells: [],
  version,
  updatedAt: `2026-11-0${version}T00:00:00Z`,
});
const answer = (value: unknown) => vi.stubGlobal('fetch', () => Promise.resolve(Response.json(value)));
const goOffline = () => vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')));
/** What a page that is opened now shows of the notebook, and of the list. */
async function opened(): Promise<readonly [string, readonly string[]]> {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const { title } = await client.fetchQuery(notebookQuery('n'));
  return [title, (await client.fetchQuery(notebooksQuery())).map((each) => each.title)];
}

it('without the server a notebook, also in the list, is what was last saved, not what was opened', async () => {
  const client = new QueryClient();
  answer(of(1, 'Opened'));
  await client.fetchQuery(notebookQuery('n'));
  answer({ notebooks: [{ id: 'n', title: 'Opened', version: 1, updatedAt: '2026-11-01T00:00:00Z' }] });
  await client.fetchQuery(notebooksQuery());
  answer(of(2, 'Saved'));
  await saveNotebook(client, 'n', { title: 'Saved', cells: [], version: 1 });
  goOffline();
  expect(await opened()).toEqual(['Saved', ['Saved']]);
});

it('an answer that was under way while the notebook was saved stands in for nothing', async () => {
  const client = new QueryClient();
  answer({ notebooks: [{ id: 'n', title: 'Opened', version: 1, updatedAt: '2026-11-01T00:00:00Z' }] });
  await client.fetchQuery(notebooksQuery());
  const slow: (() => void)[] = [];
  vi.stubGlobal('fetch', async (url: URL) => {
    await new Promise<void>((resolve) => slow.push(resolve));
    return Response.json(url.pathname.endsWith('/n') ? of(1, 'Opened') : { notebooks: [summary] });
  });
  const summary = { id: 'n', title: 'Opened', version: 1, updatedAt: '2026-11-01T00:00:00Z' };
  const [one, list] = [getNotebook('n'), new QueryClient().fetchQuery(notebooksQuery())];
  await vi.waitFor(() => expect(slow).toHaveLength(2));
  answer(of(2, 'Saved'));
  await saveNotebook(client, 'n', { title: 'Saved', cells: [], version: 1 });
  for (const end of slow) end();
  await Promise.all([one, list]);
  goOffline();
  expect(await opened()).toEqual(['Saved', ['Saved']]);
});

it('where what was saved can’t be kept, nothing older is', async () => {
  const client = new QueryClient();
  answer(of(1, 'Opened'));
  await client.fetchQuery(notebookQuery('n'));
  vi.spyOn(records(), 'put').mockRejectedValue(new DOMException('The disk is full.', 'QuotaExceededError'));
  answer(of(2, 'Saved'));
  await saveNotebook(client, 'n', { title: 'Saved', cells: [], version: 1 });
  goOffline();
  await expect(opened()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
});

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
