import { useQuery } from '@tanstack/react-query';
import { systemInfo } from '#shared/contract/system.ts';
import { isAppError } from '#shared/errors/app-error.ts';
import { requestJson } from '#web/lib/api-client.ts';

/** Whether the server answers. Asked for every 15 seconds, and every 3 while it does not. */
export function useConnection(): boolean {
  const system = useQuery({
    queryKey: ['system'],
    queryFn: ({ signal }) => requestJson(systemInfo, 'system', { signal }),
    refetchInterval: (query) => (query.state.status === 'error' ? 3000 : 15_000),
    retry: false,
  });
  return !isAppError(system.error, 'UNAVAILABLE');
}
