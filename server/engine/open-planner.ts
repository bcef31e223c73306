import { SqlParser } from './analyze/parse.ts';
import { openSandbox } from './duckdb/sandbox.ts';
import { Binder, PLANNER_DISABLED_OPTIMIZERS } from './plan/binder.ts';
import { QueryPlanner } from './plan/plan-query.ts';

/** Binding empty tables takes next to nothing; the limit is for constants that somebody makes huge. */
const MEMORY = '512MB';

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
  const [parsing, binding] = await Promise.all([instance.connect(), instance.connect()]);
  const parser = await SqlParser.create(parsing);
  return { planner: new QueryPlanner(parser, new Binder(binding)), close: () => instance.closeSync() };
}
