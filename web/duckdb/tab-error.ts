import type { Plan } from '#shared/contract/plan.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { originalOffset } from '#shared/sql/anchors.ts';
import { isQueryFailure, readDuckDbFailure } from '#shared/sql/duckdb-failure.ts';
import { failurePlace } from '#shared/sql/failure-place.ts';
import { failureSentence } from '#shared/sql/failure-sentence.ts';
import { exactSql } from './exact-sql.ts';

/** What the tab's DuckDB says when it has no word for something that the server's has. */
const NEEDS_EXTENSION =
  /exists in the \w+ extension|Extension Autoloading|Loading external extensions is disabled|Unimplemented type for cast \(.*TIME ZONE/;

/** True where the server's engine may succeed, or say better what is wrong: what the tab can't bind, or hold. */
export function serverMayDoBetter(error: unknown): boolean {
  if (error instanceof AppError) return ['UNAVAILABLE', 'OUT_OF_MEMORY', 'UNSUPPORTED'].includes(error.code);
  const { type, message } = readDuckDbFailure(error);
  return (
    NEEDS_EXTENSION.test(message) ||
    type === 'Autoload' ||
    type === 'Extension Autoloading' ||
    type === 'Missing Extension' ||
    ['Binder', 'Catalog', 'Parser', 'Not implemented', 'Permission', 'Out of Memory', 'INTERNAL'].includes(
      type,
    )
  );
}

/** Why the server ran a query that the tab had begun, in one line. */
export function fallbackReason(error: unknown): string {
  const { code } = tabError(error);
  if (code === 'OUT_OF_MEMORY') return 'The query needs more memory than the tab has.';
  if (code === 'UNAVAILABLE') return 'The tab’s engine broke down, and starts anew.';
  if (code === 'UNSUPPORTED') return 'The query uses what the tab’s engine lacks.';
  return 'The tab’s engine could not run it.';
}

/** The query that failed: what the person wrote, and the plan that was run for it. */
export interface FailedQuery {
  readonly sql: string;
  readonly plan: Pick<Plan, 'sql' | 'columns' | 'anchors'>;
}

/** The tab's failures as the server's engine tells them: the same code, sentence and place. AppError stays as it is. */
export function tabError(error: unknown, query?: FailedQuery): AppError {
  if (error instanceof AppError) return error;
  const failure = readDuckDbFailure(error);
  const { type, message } = failure;
  const sentence = failureSentence(failure, query?.plan.sql);
  const options = { context: query === undefined ? {} : placeOf(error, query), cause: error };
  if (type === 'Out of Memory' || /bad_alloc|Out of Memory Error/.test(message))
    return new AppError(
      'OUT_OF_MEMORY',
      'The query needs more memory than the tab has. Run it on the server, or read fewer columns or rows.',
      { cause: error },
    );
  if (NEEDS_EXTENSION.test(message))
    return new AppError(
      'UNSUPPORTED',
      `The tab’s engine can’t run this query: ${sentence} Run it on the server.`,
      options,
    );
  if (isQueryFailure(failure)) return new AppError('SQL_RUNTIME', sentence, options);
  if (type === 'Not implemented') return new AppError('UNSUPPORTED', sentence, options);
  if (type === 'Binder' || type === 'Catalog' || type === 'Parser')
    return new AppError('SQL_BINDING', sentence, options);
  return new AppError('INTERNAL', `The tab’s engine failed: ${type}: ${sentence}`, { cause: error });
}

function placeOf(error: unknown, { sql, plan }: FailedQuery) {
  const { anchors } = plan;
  return failurePlace(readDuckDbFailure(error), {
    executed: exactSql(plan),
    sql: plan.sql,
    asked: sql,
    toAsked: anchors === undefined ? null : (offset) => originalOffset(anchors, sql, offset),
  });
}
