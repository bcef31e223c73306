import { queryOptions, useQuery, type QueryClient } from '@tanstack/react-query';
import { notebookList, type NotebookSummary } from '#shared/contract/notebooks.ts';
import { requestJson } from '#web/lib/api-client.ts';
import { keptAnswers } from '#web/lib/kept-answers.ts';

const NAME = 'notebooks';

async function listNotebooks(signal?: AbortSignal): Promise<readonly NotebookSummary[]> {
  const list = await keptAnswers.orLast(NAME, notebookList, async () => {
    const began = Date.now();
    const told = await requestJson(notebookList, 'notebooks', { signal });
    void keptAnswers.keep(NAME, notebookList, (last) => {
      // What was saved while this was asked for is told as it was before.
      const later = last !== null && last.at >= began ? last.value.notebooks : [];
      const known = new Map(later.map((each) => [each.id, each]));
      const newest = (each: NotebookSummary) => {
        const saved = known.get(each.id);
        return saved !== undefined && saved.version > each.version ? saved : each;
      };
      return { notebooks: told.notebooks.map(newest) };
    });
    return told;
  });
  return list.notebooks;
}

/** Changes the list that is shown, and the one that this browser keeps. */
export async function changeList(
  client: QueryClient,
  change: (list: readonly NotebookSummary[]) => NotebookSummary[],
): Promise<void> {
  client.setQueryData(notebooksQuery().queryKey, (list) => list && change(list));
  await keptAnswers.keep(NAME, notebookList, (last) => last && { notebooks: change(last.value.notebooks) });
}

export const notebooksQuery = () =>
  queryOptions({ queryKey: ['notebooks', 'list'], queryFn: ({ signal }) => listNotebooks(signal) });

export function useNotebooks() {
  return useQuery(notebooksQuery());
}
