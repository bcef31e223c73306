import type { QueryClient } from '@tanstack/react-query';
import { notebookQuery } from '#web/features/notebook/api/get-notebook.ts';
import { NOT_MADE } from '#web/features/notebook/model/drafts.ts';
import type { NotebookStore } from '#web/features/notebook/model/notebook-store.ts';
import type { NotebookStores } from '#web/features/notebook/model/notebook-stores.ts';

/**
 * A notebook that is to be changed without being shown: with what this browser has of it that was not saved.
 *
 * @throws what reading it throws, unless this browser alone has it
 */
export async function openStore(
  client: QueryClient,
  stores: NotebookStores,
  id: string,
): Promise<NotebookStore> {
  await stores.prepare(id);
  const kept = stores.kept(id);
  return stores.open(kept?.version === NOT_MADE ? kept : await client.fetchQuery(notebookQuery(id)));
}
