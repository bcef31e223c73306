import { AppError } from '../errors/app-error.ts';
import { lineColumn } from './positions.ts';

/** The error with its place in the SQL that it is about. @param position UTF-16 units */
export function withPlace(error: AppError, sql: string, position: number): AppError {
  return new AppError(error.code, error.message, {
    context: { ...error.context, position, ...lineColumn(sql, position) },
    cause: error,
  });
}
