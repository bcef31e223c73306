import { createQuerySession } from '#web/duckdb/query-session.ts';
import type { EngineStatus, QuerySession } from '#web/duckdb/types.ts';
import { preferredEngine } from '#web/lib/engine-preference.ts';
import { loadsAhead } from '#web/lib/load-ahead.ts';
import { tabEngineNow } from '#web/lib/system.ts';
import { useSyncExternalStore } from 'react';
import { queryClient } from './query-client.ts';

let session: QuerySession | null = null;

/** The one engine of this tab, started when it is first asked for. */
export function querySession(): QuerySession {
  session ??= createQuerySession({
    loadsAhead,
    preference: preferredEngine,
    tabEngine: () => tabEngineNow(queryClient),
  });
  return session;
}

const subscribe = (listener: () => void) => querySession().subscribe(listener);
const status = () => querySession().status();

export function useEngineStatus(): EngineStatus {
  return useSyncExternalStore(subscribe, status);
}
