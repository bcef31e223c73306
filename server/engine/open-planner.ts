import type { DuckDBInstance } from '@duckdb/node-api';
import { SqlParser } from './analyze/parse.ts';
import { openSandbox } from './duckdb/sandbox.ts';
import { Binder, PLANNER_DISABLED_OPTIMIZERS } from './plan/binder.ts';
import { BinderPool } from './plan/binder-pool.ts';
import { ColumnNaming } from './plan/column-naming.ts';
import { QueryPlanner } from './plan/plan-query.ts';

/** Binding empty tables takes next to nothing; the limit is for constants that somebody makes huge. */
const MEMORY = '512MB';
/** Queries that are bound at once. */
const BINDERS = 3;
/** For those that are at a constant which they can't be stopped at. */
const SPARE_BINDERS = 3;

/** A planner on an engine of its own, which sees no file and no row. @param extensions what the other engines load */
export async function openPlanner(
  extensions: readonly string[] = [],
): Promise<{ readonly planner: QueryPlanner; close(): void }> {
  const instances: DuckDBInstance[] = [];
  const open = async (disabledOptimizers: readonly string[]) => {
    const instance = await openSandbox({
      allowedDirectories: [],
      memoryLimit: MEMORY,
      threads: 1,
      disabledOptimizers,
      explainOutput: 'all',
      extensions,
    });
    instances.push(instance);
    return instance;
  };
  const instance = await open(PLANNER_DISABLED_OPTIMIZERS);
  const parser = await SqlParser.create(await instance.connect());
  const naming = new ColumnNaming(async () =>
    binderPool(await open([...PLANNER_DISABLED_OPTIMIZERS, 'unused_columns'])),
  );
  return {
    planner: new QueryPlanner(parser, await binderPool(instance), naming),
    close: () => {
      for (const each of instances) each.closeSync();
    },
  };
}

async function binderPool(instance: DuckDBInstance): Promise<BinderPool> {
  const connections = await Promise.all(Array.from({ length: BINDERS }, () => instance.connect()));
  return new BinderPool(
    connections.map((connection) => new Binder(connection)),
    { open: async () => new Binder(await instance.connect()), most: SPARE_BINDERS },
  );
}
