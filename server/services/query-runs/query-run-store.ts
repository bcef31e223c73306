import type { QueryRun, QueryRunQuery, RecordedRun } from '#shared/contract/query-runs.ts';

/** Where it is kept what people ran. */
export interface QueryRunStore {
  /** How many were not known before, by their ids. */
  record(runs: readonly RecordedRun[], author: string): Promise<number>;
  /** Newest first; those of one time by id. */
  list(query: QueryRunQuery): Promise<readonly QueryRun[]>;
  /** Keeps so many, the newest. */
  trim(most: number): Promise<void>;
}
