import { skipToken, useQuery, type QueryClient } from '@tanstack/react-query';
import type { TabEngine } from '#shared/contract/plan.ts';
import type { SystemInfo } from '#shared/contract/system.ts';

/** Under which what the server says of itself is kept. */
export const SYSTEM_KEY = ['system'] as const;

/** What the lakehouse lets this tab do; all, before the shell has asked the server. */
export function useTabEngine(): TabEngine {
  const { data } = useQuery<SystemInfo>({ queryKey: SYSTEM_KEY, queryFn: skipToken });
  return data?.limits.tabEngine ?? 'on';
}

/** As useTabEngine, at one moment. */
export function tabEngineNow(client: QueryClient): TabEngine {
  return client.getQueryData<SystemInfo>(SYSTEM_KEY)?.limits.tabEngine ?? 'on';
}

/** Whether a cluster is set up for queries; not, before the shell has asked the server. */
export function useHasCluster(): boolean {
  const { data } = useQuery<SystemInfo>({ queryKey: SYSTEM_KEY, queryFn: skipToken });
  return data?.limits.clusterBytes !== undefined;
}
