import type { ResultColumn } from '#shared/contract/plan.ts';
import type { CellValue } from '#web/lib/result-table.ts';
import { formatBlob, toHex } from './blob.ts';
import { isNested, isNumeric, parseSqlType, type SqlType } from './duckdb-type.ts';
import { formatNested, temporalText } from './nested.ts';
import { formatDecimal, formatFloat, formatInteger, plainFloat } from './numbers.ts';
import { formatTimestampUtc } from './temporal.ts';

/** How the values of one column are shown, hovered, inspected and copied. NULL is the caller's (a badge). */
export interface CellFormatter {
  readonly type: SqlType;
  readonly align: 'left' | 'right';
  /** One line for a cell; long values are cut after some hundred characters. */
  text(value: CellValue): string;
  /** The whole value for a person, nested ones over several lines. */
  full(value: CellValue): string;
  /** The whole value for other programs: not grouped, instants in UTC, NULL as nothing. */
  plain(value: CellValue): string;
  /** What hovering adds to the text: UTC for an instant; undefined where the text says it all. */
  hint(value: CellValue): string | undefined;
}

const CELL_LIMIT = 300;
const FULL_LIMIT = 1_000_000;
/** Integers that name something (a year, an id) are not amounts: `1,998` would be a wrong reading. */
const NAMES_SOMETHING = /(^|[_\s.])(id|year|yr|zip|zipcode|postcode|code|fips)$/i;
const NAMES_SOMETHING_CAMEL = /[a-z](Id|ID|Year|Code)$/;

export function cellFormatter(column: ResultColumn): CellFormatter {
  const type = parseSqlType(column.type);
  const naming = NAMES_SOMETHING.test(column.name) || NAMES_SOMETHING_CAMEL.test(column.name);
  const grouped = !(type.kind === 'integer' && naming);
  return {
    type,
    align: isNumeric(type) ? 'right' : 'left',
    text: (value) => cellText(value, type, grouped),
    full: (value) => fullText(value, type, grouped),
    plain: (value) => plainText(value, type),
    hint: (value) =>
      type.kind === 'timestamptz' && isCount(value) ? formatTimestampUtc(BigInt(value)) : undefined,
  };
}

function cellText(value: CellValue, type: SqlType, grouped: boolean): string {
  if (value === null) return '';
  if (typeof value === 'string' && type.kind !== 'decimal') {
    const start = value.length > CELL_LIMIT ? `${value.slice(0, CELL_LIMIT)}…` : value;
    return start.replace(/\r\n|[\n\r\u2028\u2029]/g, '↵').replaceAll('\t', '⇥');
  }
  if (value instanceof Uint8Array) return formatBlob(value);
  if (isNested(type) || typeof value === 'object') return formatNested(value, type, { limit: CELL_LIMIT });
  return scalarText(value, type, grouped);
}

function fullText(value: CellValue, type: SqlType, grouped: boolean): string {
  if (value === null) return 'NULL';
  if (typeof value === 'string' && type.kind !== 'decimal') return value;
  if (value instanceof Uint8Array) return toHex(value, FULL_LIMIT / 2);
  if (isNested(type) || typeof value === 'object') {
    return formatNested(value, type, { limit: FULL_LIMIT, indent: 2 });
  }
  return scalarText(value, type, grouped);
}

function plainText(value: CellValue, type: SqlType): string {
  if (value === null) return '';
  if (typeof value === 'string') return value;
  if (value instanceof Uint8Array) return toHex(value);
  if (isNested(type) || typeof value === 'object') return formatNested(value, type, { utc: true });
  if (isCount(value)) {
    const temporal = temporalText(value, type, true);
    if (temporal !== undefined) return temporal;
  }
  return typeof value === 'number' ? plainFloat(value, type.kind === 'float' && type.single) : String(value);
}

function scalarText(value: CellValue, type: SqlType, grouped: boolean): string {
  if (typeof value === 'string') return formatDecimal(value);
  if (!isCount(value)) return value === true ? 'true' : 'false';
  const temporal = temporalText(value, type, false);
  if (temporal !== undefined) return temporal;
  if (typeof value === 'bigint') return grouped ? formatInteger(value) : String(value);
  if (type.kind === 'integer') return grouped ? formatInteger(value) : String(value);
  return formatFloat(value, type.kind === 'float' && type.single);
}

function isCount(value: CellValue): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}
