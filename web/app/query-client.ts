import { QueryClient } from '@tanstack/react-query';
import { isAppError } from '#shared/errors/app-error.ts';

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5000,
      // Only what may pass by itself is tried again; a wrong name stays wrong.
      retry: (failures, error) => failures < 2 && isAppError(error) && error.retryable,
    },
  },
});
