import type { QueryClient } from '@tanstack/react-query';
import { columnsOfSql } from '#web/features/notebook/api/check-sql.ts';
import { composeCell, outlineStatements } from '#web/features/notebook/api/compose-cell.ts';
import { makeNotebook } from '#web/features/notebook/api/create-notebook.ts';
import { getNotebook, notebookQuery } from '#web/features/notebook/api/get-notebook.ts';
import { saveNotebook } from '#web/features/notebook/api/save-notebook.ts';
import { Drafts, NOT_MADE } from '#web/features/notebook/model/drafts.ts';
import { KeptResults } from '#web/features/notebook/model/kept-results.ts';
import { Outliner } from '#web/features/notebook/model/outliner.ts';
import type { RunLog } from '#web/features/query-history/model/run-log.ts';
import { NotebookStores } from '#web/features/notebook/model/notebook-stores.ts';
import type { KeptRecords } from '#web/lib/kept-records.ts';
import { browserLocks } from '#web/lib/tab-locks.ts';
import { querySession } from './query-session.ts';

/** Tabs of this browser tell each other which notebook they saved. */
const CHANNEL = 'timestream.notebooks';

export function createNotebookStores(
  client: QueryClient,
  log: Pick<RunLog, 'record'>,
  records: KeptRecords,
): NotebookStores {
  const others = new BroadcastChannel(CHANNEL);
  others.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    if (typeof data === 'string') void client.invalidateQueries({ queryKey: notebookQuery(data).queryKey });
  });
  return new NotebookStores({
    session: {
      run: (request) => querySession().run(request),
      write: (request) => {
        const handle = querySession().write(request);
        void refreshAfter(handle.result, client);
        return handle;
      },
    },
    drafts: new Drafts(() => localStorage, records),
    results: new KeptResults(records),
    relations: { outliner: new Outliner(outlineStatements), compose: composeCell, check: columnsOfSql },
    save: async (id, { cells, ...rest }, version, keepBefore) => {
      const content = { ...rest, cells: [...cells] };
      const saved =
        version === NOT_MADE
          ? await makeNotebook(client, { ...content, id })
          : await saveNotebook(client, id, { ...content, version, ...(keepBefore ? { keepBefore } : {}) });
      others.postMessage(id);
      return saved.version;
    },
    load: (id) => getNotebook(id),
    locks: browserLocks(),
    onRun: (run) => log.record(run),
  });
}

/** Tables and history are others then. Who waits for the outcome hears of a failure. */
async function refreshAfter(written: Promise<unknown>, client: QueryClient): Promise<void> {
  await written.catch(() => undefined);
  await Promise.all(['tables', 'refs'].map((key) => client.invalidateQueries({ queryKey: [key] })));
}
