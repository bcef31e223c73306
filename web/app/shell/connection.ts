import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { systemInfo } from '#shared/contract/system.ts';
import { isAppError } from '#shared/errors/app-error.ts';
import { useNotebookStores } from '#web/features/notebook/model/notebook-stores.ts';
import { useRunLog } from '#web/features/query-history/model/run-log.ts';
import { requestJson, subscribeSignedOut } from '#web/lib/api-client.ts';
import { SYSTEM_KEY } from '#web/lib/system.ts';

export type Connection = 'connected' | 'offline' | 'signed-out';

/** Whether the server answers this browser. Asked for every 15 seconds, and every 3 while it does not. */
export function useConnection(): Connection {
  const { error } = useQuery({
    queryKey: SYSTEM_KEY,
    queryFn: ({ signal }) => requestJson(systemInfo, 'system', { signal }),
    refetchInterval: (query) => (query.state.status === 'error' ? 3000 : 15_000),
    retry: false,
  });
  if (isAppError(error, 'UNAUTHENTICATED')) return 'signed-out';
  return isAppError(error, 'UNAVAILABLE') ? 'offline' : 'connected';
}

/** Asks at once when a call is refused; once the server answers again, saves what waited and reads what failed. */
export function useRecovery(connection: Connection): void {
  const client = useQueryClient();
  const stores = useNotebookStores();
  const log = useRunLog();
  const before = useRef(connection);
  useEffect(
    () =>
      subscribeSignedOut(() => {
        // The question itself is refused too: only a good answer of before is put in doubt.
        if (client.getQueryState(SYSTEM_KEY)?.status === 'success') {
          void client.invalidateQueries({ queryKey: SYSTEM_KEY }, { cancelRefetch: false });
        }
      }),
    [client],
  );
  useEffect(() => {
    // What waits here must outlast a week away: browsers may clear what is not asked to stay.
    if (connection === 'offline') void stayStored();
    const recovered = before.current !== 'connected' && connection === 'connected';
    before.current = connection;
    if (!recovered) return;
    void stores.flush().then(() => stores.saveKept());
    void log?.flush();
    // What failed, and what a copy of this browser stood in for.
    void client.invalidateQueries();
  }, [connection, client, stores, log]);
}

async function stayStored(): Promise<void> {
  // Absent on pages that are not secure.
  const { storage } = navigator as { readonly storage?: StorageManager };
  await storage?.persist().catch(() => false);
}
