import { createHash } from 'node:crypto';
import type { PlanRequest } from '#shared/contract/plan.ts';
import { quoteLiteral } from '#shared/sql/quoting.ts';
import { tokenize } from '#shared/sql/tokenize.ts';
import type { PlannedQuery } from '#server/engine/plan/plan-query.ts';
import { planSelect, type QueryContext } from './plan-select.ts';

/** Name and type. */
export type Columns = readonly (readonly [string, string])[];

/** A query whose answer are these rows, which are SQL, in their order. */
export function valuesSql(columns: Columns, rows: readonly (readonly string[])[]): string {
  const items = columns.map(([name, type]) => `CAST("${name}" AS ${type}) AS "${name}"`).join(', ');
  const names = columns.map(([name]) => `"${name}"`).join(', ');
  const none = `(${columns.map(() => 'NULL').join(', ')}, NULL)`;
  // The place of each row keeps their order, which VALUES alone does not promise.
  const values = rows.map((row, index) => `(${row.join(', ')}, ${index})`);
  return `SELECT ${items} FROM (VALUES ${values.length === 0 ? none : values.join(', ')}) AS v(${names}, "place") WHERE "place" IS NOT NULL ORDER BY "place"`;
}

/** Plans a query that stands for a statement which shows something; places in it mean nothing to anyone. */
export async function planShown(
  ctx: QueryContext,
  request: PlanRequest,
  sql: string,
  signal?: AbortSignal,
): Promise<PlannedQuery> {
  const planned = await planSelect(ctx, { ...request, sql }, signal);
  const { anchors: _, ...plan } = planned.plan;
  return { ...planned, plan: { ...plan, id: createHash('sha256').update(sql).digest('hex') } };
}

export function timeLiteral(time: string | Date): string {
  return quoteLiteral(new Date(time).toISOString().slice(0, -1));
}

export function listLiteral(items: readonly string[]): string {
  return `CAST([${items.map(quoteLiteral).join(', ')}] AS VARCHAR[])`;
}

/** More than the longest statement has that shows something by words alone. */
const LEADING = 4;

/** The first tokens of a statement, without semicolons, in upper case: enough to tell what it shows, if it does. */
export function leadingWords(sql: string): readonly string[] {
  const words: string[] = [];
  for (const { kind, start, end } of tokenize(sql)) {
    const word = kind === 'space' || kind === 'comment' ? ';' : sql.slice(start, end).toUpperCase();
    if (word !== ';') words.push(word);
    if (words.length >= LEADING) break;
  }
  return words;
}
