import type { QueryRunQuery } from '#shared/contract/query-runs.ts';

/** What is looked for in the history. */
export type RunFilter = { readonly [K in 'q' | 'state' | 'engine' | 'since']: QueryRunQuery[K] | undefined };
