import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { ToastProvider } from '#web/components/toast.tsx';
import { TooltipProvider } from '#web/components/tooltip.tsx';
import { NotebookStoresProvider } from '#web/features/notebook/model/notebook-stores.ts';
import { CommandsProvider } from '#web/lib/commands.tsx';
import { InsertTarget, InsertTargetProvider } from '#web/lib/insert-text.ts';
import { createNotebookStores } from './create-notebook-stores.ts';
import { queryClient } from './query-client.ts';
import { router } from './router.tsx';

const stores = createNotebookStores(queryClient);

export function App() {
  const [insertTarget] = useState(() => new InsertTarget());
  useEffect(() => {
    const leave = () => void stores.flush();
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
                <RouterProvider router={router} />
              </NotebookStoresProvider>
            </InsertTargetProvider>
          </CommandsProvider>
        </ToastProvider>
      </TooltipProvider>
    </QueryClientProvider>
  );
}
