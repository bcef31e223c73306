import type { PlanRequest } from '#shared/contract/plan.ts';
import { quoteLiteral } from '#shared/sql/quoting.ts';
import type { PlannedQuery } from '#server/engine/plan/plan-query.ts';
import { listRefs, resolveRef } from '../refs/index.ts';
import type { QueryContext } from './plan-select.ts';
import { listLiteral, planShown, timeLiteral, valuesSql, type Columns } from './values-sql.ts';

export type Shown = 'BRANCHES' | 'TAGS' | 'LOG';

const COLUMNS: Readonly<Record<'refs' | 'log', Columns>> = {
  refs: [
    ['name', 'VARCHAR'],
    ['hash', 'VARCHAR'],
    ['message', 'VARCHAR'],
    ['author', 'VARCHAR'],
    ['time', 'TIMESTAMP'],
    ['protection', 'VARCHAR[]'],
  ],
  log: [
    ['hash', 'VARCHAR'],
    ['message', 'VARCHAR'],
    ['author', 'VARCHAR'],
    ['time', 'TIMESTAMP'],
  ],
};
/** Commits that SHOW LOG gives: one more than a JSON answer has rows by itself, which then says that there are more. The API and the history page have all. */
const MOST_COMMITS = 10_001;

/** What SHOW BRANCHES, SHOW TAGS or SHOW LOG asks for, by its leadingWords; null for any other statement. */
export function shownRefs(words: readonly string[]): Shown | null {
  const [first, second] = words;
  const is = words.length === 2 && first === 'SHOW';
  return is && (second === 'BRANCHES' || second === 'TAGS' || second === 'LOG') ? second : null;
}

/** A query whose rows are the branches, the tags, or the commits that lead to the ref, the newest first. */
export async function showRefs(
  ctx: QueryContext,
  request: PlanRequest,
  shown: Shown,
  signal?: AbortSignal,
): Promise<PlannedQuery> {
  const sql = shown === 'LOG' ? await logSql(ctx, request) : await refsSql(ctx, shown);
  return planShown(ctx, request, sql, signal);
}

async function refsSql(ctx: QueryContext, shown: Shown): Promise<string> {
  const { refs } = await listRefs(ctx);
  const rows = refs
    .filter(({ type }) => (shown === 'TAGS') === (type === 'TAG'))
    .map(({ name, hash, head, protection }) => [
      quoteLiteral(name),
      quoteLiteral(hash),
      ...(head === undefined
        ? ['NULL', 'NULL', 'NULL']
        : [quoteLiteral(head.message), quoteLiteral(head.author), timeLiteral(head.time)]),
      listLiteral(protection),
    ]);
  return valuesSql(COLUMNS.refs, rows);
}

async function logSql(ctx: QueryContext, request: PlanRequest): Promise<string> {
  const { hash: head } = await resolveRef(ctx, request.ref);
  const { commits } = await ctx.catalog.log(head, { limit: MOST_COMMITS });
  const rows = commits.map(({ hash, message, author, time }) => [
    quoteLiteral(hash),
    quoteLiteral(message),
    quoteLiteral(author),
    timeLiteral(time),
  ]);
  return valuesSql(COLUMNS.log, rows);
}
