import { useQuery } from '@tanstack/react-query';
import { logPage, type LogEntry } from '#shared/contract/refs.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { requestJson } from '#web/lib/api-client.ts';

async function getCommit(hash: string, signal: AbortSignal): Promise<LogEntry> {
  const { entries } = await requestJson(logPage, `refs/${encodeURIComponent(hash)}/log`, {
    query: { limit: 1 },
    signal,
  });
  const [entry] = entries;
  if (entry !== undefined) return entry;
  throw new AppError('REF_NOT_FOUND', `There is no commit ${hash}.`, { context: { ref: hash } });
}

/** One commit, by its hash. It never changes. */
export function useCommit(hash: string) {
  return useQuery({
    queryKey: ['commit', hash],
    queryFn: ({ signal }) => getCommit(hash, signal),
    staleTime: Infinity,
  });
}
