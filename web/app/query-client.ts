import { QueryClient } from '@tanstack/react-query';
import { isAppError } from '#shared/errors/app-error.ts';
import { isOffline } from '#web/lib/kept-answers.ts';
import { SYSTEM_KEY } from '#web/lib/system.ts';

export const queryClient = new QueryClient({
  defaultOptions: {
    // The server is mostly on this machine, which has it also while the browser is offline.
    mutations: { networkMode: 'always' },
    queries: {
      networkMode: 'always',
      staleTime: 5000,
      // Only what may pass by itself is tried again; a wrong name stays wrong. Once the server is back all is read anew.
      retry: (failures, error) =>
        failures < 2 && isAppError(error) && error.retryable && !(isOffline(error) && isKnownAway()),
    },
  },
});

/** Whether the browser has no network, or the shell has asked the server in vain. */
function isKnownAway(): boolean {
  return !navigator.onLine || isOffline(queryClient.getQueryState(SYSTEM_KEY)?.error);
}
