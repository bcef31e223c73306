import { SqlParser } from './analyze/parse.ts';
import { openSandbox } from './duckdb/sandbox.ts';
import { Binder, PLANNER_DISABLED_OPTIMIZERS } from './plan/binder.ts';
import { BinderPool } from './plan/binder-pool.ts';
import { QueryPlanner } from './plan/plan-query.ts';

/** Binding empty tables takes next to nothing; the limit is for constants that somebody makes huge. */
const MEMORY = '512MB';
/** Queries that are bound at once. */
const BINDERS = 3;

/** A planner on an engine of its own, which sees no file and no row. @param extensions what the other engines load */
export async function openPlanner(
  extensions: readonly string[] = [],
): Promise<{ readonly planner: QueryPlanner; close(): void }> {
  const instance = await openSandbox({
    allowedDirectories: [],
    memoryLimit: MEMORY,
    threads: 1,
    disabledOptimizers: PLANNER_DISABLED_OPTIMIZERS,
    explainOutput: 'all',
    extensions,
  });
  const parser = await SqlParser.create(await instance.connect());
  const binders = await Promise.all(Array.from({ length: BINDERS }, () => instance.connect()));
  const pool = new BinderPool(binders.map((connection) => new Binder(connection)));
  return { planner: new QueryPlanner(parser, pool), close: () => instance.closeSync() };
}
