import { AppError } from '#shared/errors/app-error.ts';
import type { NestedField } from '#shared/iceberg/types.ts';
import { quoteIdentifier } from '#shared/sql/quoting.ts';
import type { DuckDbFileStats } from '../iceberg/transaction/duckdb-stats.ts';

/** @throws SCHEMA_MISMATCH where a required column has no value in a row */
export function assertRequired(fields: readonly NestedField[], stats: DuckDbFileStats): void {
  for (const field of fields) {
    if (!field.required) continue;
    const column = stats.columns.get(quoteIdentifier(field.name));
    if (column?.nullCount === undefined || column.nullCount === 0n) continue;
    throw new AppError(
      'SCHEMA_MISMATCH',
      `The column ${field.name} is required, but ${column.nullCount} rows have no value there.`,
      { context: { column: field.name } },
    );
  }
}
