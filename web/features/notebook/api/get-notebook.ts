import { queryOptions, useQuery } from '@tanstack/react-query';
import { notebook, type Notebook } from '#shared/contract/notebooks.ts';
import { requestJson } from '#web/lib/api-client.ts';
import { keptAnswers } from '#web/lib/kept-answers.ts';

const nameOf = (id: string) => `notebooks/${id}`;

/**
 * What the server says a notebook is, whether it is read or was just saved, made or restored: this browser keeps it
 * before anybody hears of it, so that what stands in for the server is never older than what was told to be saved.
 */
export async function toldNotebook(ask: () => Promise<Notebook>): Promise<Notebook> {
  const began = Date.now();
  const told = await ask();
  // A slow answer does not come after a later save, of another tab too.
  await keptAnswers.keep(nameOf(told.id), notebook, (last) =>
    last !== null && last.at >= began && last.value.version > told.version ? null : told,
  );
  return told;
}

export function getNotebook(id: string, signal?: AbortSignal): Promise<Notebook> {
  return toldNotebook(() => requestJson(notebook, `notebooks/${encodeURIComponent(id)}`, { signal }));
}

/** After it was deleted. */
export function forgetNotebook(id: string): Promise<void> {
  return keptAnswers.forget(nameOf(id));
}

/** While the server is away, as this browser heard of it last. */
export const notebookQuery = (id: string) =>
  queryOptions({
    queryKey: ['notebooks', 'one', id],
    queryFn: ({ signal }) => keptAnswers.orLast(nameOf(id), notebook, () => getNotebook(id, signal)),
  });

export function useNotebook(id: string) {
  return useQuery(notebookQuery(id));
}
