import { quoteLiteral } from '#shared/sql/quoting.ts';
import type { CellValue } from '#web/lib/result-table.ts';
import { toHex } from './blob.ts';
import { isNested, type SqlType } from './duckdb-type.ts';
import { temporalText } from './nested.ts';
import { plainFloat } from './numbers.ts';

const INT64 = 2n ** 63n;
const UNKNOWN: SqlType = { kind: 'text', name: 'VARCHAR' };
/** DuckDB's words for a constant of a time. */
const TIMES: Readonly<Partial<Record<SqlType['kind'], string>>> = {
  date: 'DATE',
  time: 'TIME',
  timestamp: 'TIMESTAMP',
  timestamptz: 'TIMESTAMPTZ',
};

/**
 * A value as a DuckDB constant that equals it, to the last digit. Where a bare number would become another type on its
 * way (a FLOAT, an integer beyond 64 bits), or a nested value would lose the types of its parts, the type is said.
 */
export function sqlLiteral(value: CellValue, type: SqlType): string {
  if (value === null) return 'NULL';
  if (isNested(type)) return `CAST(${nestedLiteral(value, type)} AS ${type.name})`;
  if (value instanceof Uint8Array) return `from_hex('${toHex(value).slice(2)}')`;
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return textLiteral(value, type);
  if (typeof value === 'object') return 'NULL';
  const time = TIMES[type.kind];
  if (time !== undefined) return `${time} ${quoteLiteral(temporalText(value, type, true) ?? '')}`;
  if (typeof value === 'number' && type.kind === 'float') return floatLiteral(value, type.single);
  return value >= INT64 || value <= -INT64 ? `CAST('${value}' AS ${type.name})` : String(value);
}

function textLiteral(value: string, type: SqlType): string {
  if (type.kind === 'decimal') return value;
  const name = type.name.toUpperCase();
  if (name === 'INTERVAL' || name === 'BIT') return `CAST(${quoteLiteral(value)} AS ${name})`;
  return quoteLiteral(value);
}

/** `0.1` is a DECIMAL to DuckDB, and what is compared with it may be rounded; `1e-1` is a DOUBLE. */
function floatLiteral(value: number, single: boolean): string {
  const text = plainFloat(value, single);
  if (single) return `CAST('${text}' AS FLOAT)`;
  if (!Number.isFinite(value)) return `CAST('${text}' AS DOUBLE)`;
  return text.includes('e') ? text : `${text}e0`;
}

function nestedLiteral(value: CellValue, type: SqlType): string {
  if (value === null) return 'NULL';
  const items = Array.isArray(value) ? (value as readonly CellValue[]) : [];
  switch (type.kind) {
    case 'list':
      return `[${items.map((item) => nestedLiteral(item, type.element)).join(', ')}]`;
    case 'map': {
      const entries = items.map((entry) => {
        const [key = null, mapped = null] = entry as readonly CellValue[];
        return `${nestedLiteral(key, type.key)}: ${nestedLiteral(mapped, type.value)}`;
      });
      return `MAP {${entries.join(', ')}}`;
    }
    case 'struct': {
      const fields = Object.entries(value as Readonly<Record<string, CellValue>>).map(([name, part]) => {
        return `${quoteLiteral(name)}: ${nestedLiteral(part, type.fields.get(name) ?? UNKNOWN)}`;
      });
      return `{${fields.join(', ')}}`;
    }
    default:
      return sqlLiteral(value, type);
  }
}
