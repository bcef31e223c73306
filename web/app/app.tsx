import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { ToastProvider } from '#web/components/toast.tsx';
import { TooltipProvider } from '#web/components/tooltip.tsx';
import { NotebookStoresProvider } from '#web/features/notebook/model/notebook-stores.ts';
import { RUNS_KEY, recordRuns } from '#web/features/query-history/api/query-runs.ts';
import { RunLog, RunLogProvider } from '#web/features/query-history/model/run-log.ts';
import { CommandsProvider } from '#web/lib/commands.tsx';
import { InsertTarget, InsertTargetProvider } from '#web/lib/insert-text.ts';
import { browserRecords } from '#web/lib/kept-records.ts';
import { keepShell } from './keep-shell.ts';
import { createNotebookStores } from './create-notebook-stores.ts';
import { queryClient } from './query-client.ts';
import { router } from './router.tsx';

const records = browserRecords();
const log = new RunLog({
  records,
  send: recordRuns,
  onSent: () => void queryClient.invalidateQueries({ queryKey: RUNS_KEY }),
});
const stores = createNotebookStores(queryClient, log, records);

export function App() {
  const [insertTarget] = useState(() => new InsertTarget());
  useEffect(() => {
    void log.resume();
    void stores.saveKept();
    // Without it, the page works all the same while its server answers.
    keepShell().catch(() => undefined);
    const leave = () => void Promise.all([stores.flush(), log.flush()]);
    // What was typed last is sent before the tab goes, and as soon as the network is back.
    addEventListener('pagehide', leave);
    addEventListener('online', leave);
    return () => {
      removeEventListener('pagehide', leave);
      removeEventListener('online', leave);
    };
  }, []);
  return (
    <QueryClientProvider client={queryClient}>
      <TooltipProvider delayDuration={400} skipDelayDuration={200}>
        <ToastProvider>
          <CommandsProvider>
            <InsertTargetProvider value={insertTarget}>
              <NotebookStoresProvider value={stores}>
                <RunLogProvider value={log}>
                  <RouterProvider router={router} />
                </RunLogProvider>
              </NotebookStoresProvider>
            </InsertTargetProvider>
          </CommandsProvider>
        </ToastProvider>
      </TooltipProvider>
    </QueryClientProvider>
  );
}
