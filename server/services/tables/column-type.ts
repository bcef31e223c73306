import { isAppError, AppError } from '#shared/errors/app-error.ts';
import { icebergTypeFromDuckDb } from '#shared/iceberg/duckdb-types.ts';
import { formatPrimitive, parsePrimitive, type IcebergType } from '#shared/iceberg/types.ts';

/**
 * A type as a person writes it: Iceberg's name for it or DuckDB's, which differ only where one has none.
 *
 * @throws INVALID_INPUT, UNSUPPORTED naming the column
 */
export function parseColumnType(text: string, column: string): IcebergType {
  const iceberg = primitiveOf(text.trim().toLowerCase());
  if (iceberg !== null) return iceberg;
  try {
    return icebergTypeFromDuckDb(text);
  } catch (error) {
    if (!isAppError(error)) throw error;
    throw new AppError(error.code, `The column '${column}' cannot be ${text}: ${error.message}`, {
      context: { ...error.context, column },
      cause: error,
    });
  }
}

function primitiveOf(text: string): IcebergType | null {
  try {
    return formatPrimitive(parsePrimitive(text));
  } catch (error) {
    if (isAppError(error, 'INVALID_INPUT')) return null;
    throw error;
  }
}
