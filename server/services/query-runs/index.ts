export type { QueryRunStore } from './query-run-store.ts';
export { listRuns, recordRuns, type QueryRunContext } from './query-runs.ts';
