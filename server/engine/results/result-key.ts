import { createHash } from 'node:crypto';
import type { Plan } from '#shared/contract/plan.ts';
import { significantTokens } from '#shared/sql/tokenize.ts';

/** What an answer depends on beside its plan. */
export interface ResultKeyInput {
  readonly plan: Plan;
  /** Of the engine; its settings never change while the process runs. */
  readonly version: string;
  readonly form: 'arrow' | 'json';
  readonly limit: number | null;
}

/**
 * Equal for queries that have the same answer, byte for byte: the same words over views of the same names, which say
 * the files, columns and deletes that they stand for.
 */
export function resultKey({ plan, version, form, limit }: ResultKeyInput): string {
  const words = significantTokens(plan.sql).map(({ start, end }) => plan.sql.slice(start, end));
  const reads = plan.scans.map(({ view, table, snapshotId }) => [view, table, snapshotId ?? null]);
  return createHash('sha256')
    .update(JSON.stringify([words, reads, plan.columns, version, form, limit]))
    .digest('base64');
}
