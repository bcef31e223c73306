import { AppError, type ErrorContext } from '#shared/errors/app-error.ts';

const SYSTEM_SCHEMAS = new Set(['information_schema', 'pg_catalog', 'sqlite_schema', 'system', 'temp']);
const SYSTEM_NAME = /^(duckdb_\w+|pragma_\w+|pg_\w+|sqlite_(master|schema|temp_master|temp_schema))$/;

/** Whether a name is one of those that DuckDB describes itself by: what they list would be the engine, not the lakehouse. */
export function isSystemName(name: readonly string[]): boolean {
  const parts = name.map((part) => part.toLowerCase());
  return parts.slice(0, -1).some((part) => SYSTEM_SCHEMAS.has(part)) || SYSTEM_NAME.test(parts.at(-1) ?? '');
}

/** What to use instead of them. */
export const INSTEAD_OF_SYSTEM_TABLES =
  "isn't available here. SHOW TABLES lists the tables, DESCRIBE lists a table's columns, and the catalog page shows both";

export function systemTableError(name: readonly string[], context: ErrorContext): AppError {
  const table = name.join('.');
  return new AppError('TABLE_NOT_FOUND', `${table} ${INSTEAD_OF_SYSTEM_TABLES}.`, {
    context: { ...context, table, suggestions: [] },
  });
}
