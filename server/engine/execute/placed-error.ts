import { AppError } from '#shared/errors/app-error.ts';
import { readDuckDbFailure } from '#shared/sql/duckdb-failure.ts';
import { failurePlace } from '#shared/sql/failure-place.ts';
import type { ExecuteInput } from './server-engine.ts';

const OF_THE_QUERY = new Set(['SQL_RUNTIME', 'SQL_BINDING', 'UNSUPPORTED']);

/**
 * Tells where in the person's SQL an error is, where DuckDB tells where in the SQL that it ran.
 *
 * @param executed what DuckDB ran: `input.sql`, or something around it
 */
export function placedError(error: unknown, executed: string, { sql, source }: ExecuteInput): unknown {
  if (!(error instanceof AppError) || source === undefined || !OF_THE_QUERY.has(error.code)) return error;
  const place = failurePlace(readDuckDbFailure(error.cause), {
    executed,
    sql,
    asked: source.sql,
    toAsked: (offset) => source.toOriginal(offset),
  });
  return new AppError(error.code, error.message, {
    context: { ...error.context, ...place },
    cause: error.cause,
  });
}
