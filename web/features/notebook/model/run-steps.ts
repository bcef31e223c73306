import { scriptSteps } from '#shared/sql/statements.ts';
import type { RunStep } from './prepared-run.ts';

/** What a cell's text runs; a single step goes as it was typed, so that places in it are places in the cell. */
export function runSteps(sql: string): readonly RunStep[] {
  const steps = scriptSteps(sql);
  return steps.length === 1 ? [{ sql, offset: 0 }] : steps;
}
