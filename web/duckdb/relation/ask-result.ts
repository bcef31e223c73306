import type { Plan } from '#shared/contract/plan.ts';
import { canBeAsked, type Relation } from '#web/lib/relation/relation-sql.ts';
import type { QueryHandle, QuerySession, RunOutcome } from '../types.ts';

/** The rows of an answer, all of them, as something that can be asked further: the same SQL over the same snapshots. */
export interface AskableResult {
  readonly relation: Relation;
  /** Ref expression of the commit that was read. */
  readonly ref: string;
  /** @param sql over fromRelation(relation) */
  ask(sql: string, maxRows?: number): QueryHandle;
}

/** Null for what is no relation in SQL, such as SHOW TABLES. */
export function askableResult(
  session: Pick<QuerySession, 'run'>,
  { request, plan }: Pick<RunOutcome, 'request' | 'plan'>,
): AskableResult | null {
  const relation: Relation = { sql: request.sql, columns: plan.columns };
  if (!canBeAsked(relation)) return null;
  const ref = pinnedRef(plan.ref);
  const { maxRows: kept, ...asked } = request;
  return {
    relation,
    ref,
    ask: (sql, maxRows = kept) =>
      session.run({ ...asked, sql, ref, ...(maxRows === undefined ? {} : { maxRows }) }),
  };
}

/** The very commit that was planned, though its branch may have moved on since. */
export function pinnedRef({ name, hash }: Plan['ref']): string {
  return name === hash ? hash : `${name}@${hash}`;
}
