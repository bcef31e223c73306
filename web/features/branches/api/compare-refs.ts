import { queryOptions, useQuery } from '@tanstack/react-query';
import { compareResult, type CompareResult } from '#shared/contract/merges.ts';
import { requestJson } from '#web/lib/api-client.ts';

interface Comparison {
  readonly from: string;
  readonly to: string;
  /** Commits and changes that are told one by one. */
  readonly list: number;
}

function compareRefs(query: Comparison, signal: AbortSignal): Promise<CompareResult> {
  return requestJson(compareResult, 'compare', { query: { ...query }, signal });
}

const compareQuery = (query: Comparison) =>
  queryOptions({
    // Under "refs", so that it is asked for anew when one of them moves.
    queryKey: ['refs', 'compare', query],
    queryFn: ({ signal }) => compareRefs(query, signal),
  });

/** Which commits `to` has that `from` has not, and how many the other way round. */
export function useCompare(from: string, to: string, wanted = true) {
  return useQuery({ ...compareQuery({ from, to, list: 1000 }), enabled: wanted });
}

/**
 * How far two commits are apart. Commits never change, so that neither does the answer.
 *
 * @param from and @param to hashes
 */
export function useDistance(from: string, to: string, wanted: boolean) {
  return useQuery({
    queryKey: ['distance', from, to],
    queryFn: ({ signal }) => compareRefs({ from, to, list: 0 }, signal),
    staleTime: Infinity,
    enabled: wanted && from !== to,
  });
}
