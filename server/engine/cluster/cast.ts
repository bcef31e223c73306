import type { DuckDbType } from '#shared/iceberg/duckdb-type-text.ts';
import { isExact, isFloat, isInteger, isNamed, sameType, trinoType } from './bound-type.ts';
import type { Operand } from './expression.ts';
import { refuse } from './refuse.ts';

/** The value as another type, where both engines agree on what that is. @throws UNSUPPORTED */
export function castSql({ sql, type: from }: Operand, to: DuckDbType, quietly: boolean): string {
  if (sameType(from, to)) return sql;
  if (!isAlike(from, to)) return refuse(`casts of ${shown(from)} to ${shown(to)} differ on the cluster`);
  return `${quietly ? 'TRY_CAST' : 'CAST'}(${sql} AS ${trinoType(to)})`;
}

function isAlike(from: DuckDbType, to: DuckDbType): boolean {
  if (isExact(from)) return isExact(to) || isFloat(to) || isNamed(to, 'VARCHAR');
  if (isFloat(from)) return isFloat(to);
  if (isNamed(from, 'BOOLEAN')) return isInteger(to) || isNamed(to, 'VARCHAR');
  if (isNamed(from, 'UUID')) return isNamed(to, 'VARCHAR');
  if (isNamed(from, 'DATE')) return isNamed(to, 'TIMESTAMP', 'TIMESTAMP WITH TIME ZONE');
  // Its session is in UTC, as ours are.
  if (isNamed(from, 'TIMESTAMP')) return isNamed(to, 'DATE', 'TIME', 'TIMESTAMP WITH TIME ZONE');
  if (isNamed(from, 'TIMESTAMP WITH TIME ZONE')) return isNamed(to, 'TIMESTAMP', 'DATE');
  return false;
}

function shown(type: DuckDbType): string {
  if (type.kind === 'name') return type.name;
  return type.kind === 'decimal' ? `DECIMAL(${type.precision},${type.scale})` : `a ${type.kind}`;
}
