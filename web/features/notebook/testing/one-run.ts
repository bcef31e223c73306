import type { RunOutcome } from '#web/duckdb/types.ts';

/** What a run of SELECT 1 in the tab is known by, beside its rows. */
export const ONE_RUN: Omit<RunOutcome, 'table' | 'truncated'> = {
  request: { sql: 'SELECT 1', ref: 'main', preference: 'auto' },
  plan: {
    id: 'p',
    sql: 'SELECT 1',
    ref: { name: 'main', hash: 'abcdef12' },
    scans: [],
    columns: [{ name: 'n', type: 'INTEGER' }],
    bytes: 0,
    engine: { choice: 'browser', reason: 'Small.', browserCapable: true },
  },
  engine: { used: 'browser', reason: 'It is here.' },
  timings: { plan: 1, load: 0, run: 1, total: 2 },
};
