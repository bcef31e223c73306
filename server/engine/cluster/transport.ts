import type { DuckDbType } from '#shared/iceberg/duckdb-type-text.ts';

/**
 * A value as it travels in Trino's JSON: 64-bit integers as text, which JSON would round; lists, rows and the entries of
 * maps as arrays; everything else as Trino writes it.
 */
export function transportSql(sql: string, type: DuckDbType, depth = 0): string {
  // A function in another's may not call its value as that does.
  const v = `v${depth}`;
  const inner = (value: string, of: DuckDbType) => transportSql(value, of, depth + 1);
  switch (type.kind) {
    case 'name':
      return transportScalar(sql, type.name);
    case 'decimal':
      return sql;
    case 'list': {
      const element = inner(v, type.element);
      return element === v ? sql : `transform(${sql}, ${v} -> ${element})`;
    }
    case 'map':
      return `transform(map_entries(${sql}), ${v} -> ROW(${inner(`${v}[1]`, type.key)}, ${inner(`${v}[2]`, type.value)}))`;
    case 'struct': {
      const fields = type.fields.map(({ type: field }, at) => inner(`(${sql})[${at + 1}]`, field));
      return `IF(${sql} IS NULL, NULL, ROW(${fields.join(', ')}))`;
    }
  }
}

function transportScalar(sql: string, name: string): string {
  switch (name) {
    case 'BIGINT':
      return `CAST(${sql} AS varchar)`;
    case 'TIMESTAMP WITH TIME ZONE':
      return `CAST((${sql} AT TIME ZONE 'UTC') AS timestamp(6))`;
    default:
      return sql;
  }
}
