import { QueryClient } from '@tanstack/react-query';
import { isAppError } from '#shared/errors/app-error.ts';

export const queryClient = new QueryClient({
  defaultOptions: {
    // The server is mostly on this machine, which has it also while the browser is offline.
    mutations: { networkMode: 'always' },
    queries: {
      networkMode: 'always',
      staleTime: 5000,
      // Only what may pass by itself is tried again; a wrong name stays wrong.
      retry: (failures, error) => failures < 2 && isAppError(error) && error.retryable,
    },
  },
});
