import { AppError } from '#shared/errors/app-error.ts';
import { lineColumn, utf16Offset } from '#shared/sql/positions.ts';
import type { ExecuteInput } from './server-engine.ts';

/**
 * Tells where in the person's SQL an error is, where DuckDB tells where in the SQL that it ran.
 *
 * @param executed what DuckDB ran: `input.sql`, or something around it
 */
export function placedError(error: unknown, executed: string, input: ExecuteInput): unknown {
  if (!(error instanceof AppError)) return error;
  const { bytePosition, ...context } = error.context;
  if (typeof bytePosition !== 'number') return error;
  const offset = utf16Offset(executed, bytePosition) - executed.indexOf(input.sql);
  const { source } = input;
  const isInside = source !== undefined && offset >= 0 && offset < input.sql.length;
  const position = isInside ? source.toOriginal(offset) : null;
  const place = isInside && position !== null ? { position, ...lineColumn(source.sql, position) } : {};
  return new AppError(error.code, error.message, { context: { ...context, ...place }, cause: error.cause });
}
