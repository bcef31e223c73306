import type { ResultColumn } from '#shared/contract/plan.ts';
import { parseDuckDbType, type DuckDbType } from '#shared/iceberg/duckdb-type-text.ts';
import { quoteIdentifier } from '#shared/sql/quoting.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { castColumns } from '../cast-columns.ts';

/** Types with an Arrow form that both sides read; a value of any other goes as DuckDB's own text. */
const CARRIED = new Set([
  'BOOLEAN',
  'TINYINT',
  'SMALLINT',
  'INTEGER',
  'BIGINT',
  'UTINYINT',
  'USMALLINT',
  'UINTEGER',
  'UBIGINT',
  'HUGEINT',
  'FLOAT',
  'DOUBLE',
  'DATE',
  'TIME',
  'TIMESTAMP',
  'TIMESTAMP_S',
  'TIMESTAMP_MS',
  'TIMESTAMP_NS',
  'TIMESTAMP WITH TIME ZONE',
  'VARCHAR',
  'BLOB',
]);

/** The query itself, or around it the casts to text of columns whose types have no Arrow form. */
export function transferSql(sql: string, columns: readonly ResultColumn[]): string {
  return castColumns(
    sql,
    columns,
    columns.map(({ type }) => transferTypeOf(type)),
  );
}

/** The type as which a column travels: itself, or with VARCHAR in place of what has no Arrow form. */
export function transferTypeOf(type: string): string {
  try {
    const parsed = parseDuckDbType(type);
    return isCarried(parsed) ? type : textOf(parsed);
  } catch (error) {
    // ENUM(…), UNION(…), VARCHAR[3] and the like are no types that tables have; as text they are readable.
    if (error instanceof AppError) return 'VARCHAR';
    throw error;
  }
}

function isCarried(type: DuckDbType): boolean {
  switch (type.kind) {
    case 'name':
      return CARRIED.has(type.name);
    case 'decimal':
      return true;
    case 'list':
      return isCarried(type.element);
    case 'map':
      return isCarried(type.key) && isCarried(type.value);
    case 'struct':
      return type.fields.every((field) => isCarried(field.type));
  }
}

function textOf(type: DuckDbType): string {
  switch (type.kind) {
    case 'name':
      return CARRIED.has(type.name) ? type.name : 'VARCHAR';
    case 'decimal':
      return `DECIMAL(${type.precision},${type.scale})`;
    case 'list':
      return `${textOf(type.element)}[]`;
    case 'map':
      return `MAP(${textOf(type.key)}, ${textOf(type.value)})`;
    case 'struct':
      return `STRUCT(${type.fields.map((field) => `${quoteIdentifier(field.name)} ${textOf(field.type)}`).join(', ')})`;
  }
}
