import type { LiteralValue } from '#shared/iceberg/expression.ts';
import { parsePrimitive, type IcebergType, type Primitive } from '#shared/iceberg/types.ts';
import { isNode, textOf, type AstNode, type AstValue } from '../analyze/ast.ts';

/** A constant of a filter: its own value, and the type that it is cast to, if it is. */
interface Constant {
  readonly value: AstValue;
  readonly type: string;
  readonly scale: number;
  readonly cast: string | null;
}

/**
 * The value of a constant of DuckDB's AST in a column's Iceberg type; null where that is not certain to be exact.
 *
 * @param node parsed with exact integers (SqlParser.parse)
 */
export function literalOf(node: AstNode, columnType: IcebergType): LiteralValue | null {
  if (typeof columnType !== 'string') return null;
  const constant = readConstant(node);
  return constant === null ? null : convert(constant, parsePrimitive(columnType));
}

/** A constant of an integer type; null for every other. */
export function integerConstant(node: AstNode): bigint | null {
  const constant = readConstant(node);
  return constant === null ? null : integerOf(constant);
}

/** A text constant; null for every other. */
export function textConstant(node: AstNode): string | null {
  const constant = readConstant(node);
  if (constant?.type !== 'VARCHAR' || constant.cast !== null) return null;
  return typeof constant.value === 'string' ? constant.value : null;
}

/** A constant INTERVAL of days and smaller units alone, in microseconds: months have no one length. */
export function intervalConstant(node: AstNode): bigint | null {
  const constant = readConstant(node);
  if (constant?.cast !== 'INTERVAL' || typeof constant.value !== 'string') return null;
  const match = /^(?:(-?\d+) days?)?(?:(?:^| )(-?)(\d+):(\d\d):(\d\d)(?:\.(\d{1,6}))?)?$/.exec(
    constant.value,
  );
  if (match === null || constant.value === '') return null;
  const [, days = '0', sign = '', hours = '0', minutes = '0', seconds = '0', fraction = ''] = match;
  const whole = (BigInt(hours) * 60n + BigInt(minutes)) * 60n + BigInt(seconds);
  const clock = whole * 1_000_000n + BigInt(fraction.padEnd(6, '0'));
  return BigInt(days) * 86_400_000_000n + (sign === '-' ? -clock : clock);
}

function readConstant(node: AstNode): Constant | null {
  if (node['class'] === 'CAST' && node['try_cast'] !== true && isNode(node['child'])) {
    const inner = readConstant(node['child']);
    const target = isNode(node['cast_type']) ? textOf(node['cast_type']['id']) : '';
    return inner === null || inner.cast !== null ? null : { ...inner, cast: target };
  }
  if (node['class'] !== 'CONSTANT' || !isNode(node['value'])) return null;
  const { value, type, is_null: isNull } = node['value'];
  if (isNull === true || !isNode(type)) return null;
  const info = isNode(type['type_info']) ? type['type_info'] : {};
  return {
    value: value ?? null,
    type: textOf(type['id']),
    scale: typeof info['scale'] === 'number' ? info['scale'] : 0,
    cast: null,
  };
}

const INTEGERS = new Set([
  'TINYINT',
  'SMALLINT',
  'INTEGER',
  'BIGINT',
  'UTINYINT',
  'USMALLINT',
  'UINTEGER',
  'UBIGINT',
]);

function convert(constant: Constant, type: Primitive): LiteralValue | null {
  const { value, cast } = constant;
  const text = constant.type === 'VARCHAR' && typeof value === 'string' ? value : null;
  switch (type.kind) {
    case 'boolean':
      if (typeof value === 'boolean' && cast === null) return value;
      return cast === 'BOOLEAN' && text !== null && /^(t|f|true|false)$/.test(text)
        ? text.startsWith('t')
        : null;
    case 'int':
    case 'long': {
      const integer = integerOf(constant);
      if (integer === null) return null;
      return type.kind === 'long' ? integer : Number(integer);
    }
    case 'float':
    case 'double': {
      const number = numberOf(constant, text);
      if (number === null) return null;
      return type.kind === 'float' ? Math.fround(number) : number;
    }
    case 'decimal':
      return decimalOf(constant, type.scale);
    case 'string':
      return cast === null ? text : null;
    case 'uuid':
      return cast === 'UUID' ? text : null;
    case 'date':
      return cast === 'DATE' && text !== null ? daysOf(text) : null;
    case 'time':
      return cast === 'TIME' && text !== null ? clockOf(text, 6) : null;
    case 'timestamp':
      return cast === 'TIMESTAMP' && text !== null ? instantOf(text, 6) : null;
    case 'timestamptz':
      return cast === 'TIMESTAMP WITH TIME ZONE' && text?.endsWith('+00') === true
        ? instantOf(text.slice(0, -3), 6)
        : null;
    case 'timestamp_ns':
    case 'timestamptz_ns':
      return cast === 'TIMESTAMP_NS' && text !== null ? instantOf(text, 9) : null;
    default:
      return null;
  }
}

function integerOf({ value, type, cast }: Constant): bigint | null {
  if (cast !== null || !INTEGERS.has(type)) return null;
  return typeof value === 'bigint' || (typeof value === 'number' && Number.isSafeInteger(value))
    ? BigInt(value)
    : null;
}

/** Numbers print as short as they read back, so DOUBLE constants come as decimal text. */
function numberOf(constant: Constant, text: string | null): number | null {
  const { value, type, scale, cast } = constant;
  if (cast === 'DOUBLE' || cast === 'FLOAT')
    return text !== null && /^-?inf(inity)?$/.test(text)
      ? text.startsWith('-')
        ? -Infinity
        : Infinity
      : null;
  if (cast !== null || (typeof value !== 'number' && typeof value !== 'bigint')) return null;
  if (type === 'DECIMAL') return Number(`${value}e-${scale}`);
  return type === 'DOUBLE' || INTEGERS.has(type) ? Number(value) : null;
}

function decimalOf({ value, type, scale, cast }: Constant, columnScale: number): bigint | null {
  if (cast !== null || (typeof value !== 'number' && typeof value !== 'bigint')) return null;
  if (type !== 'DECIMAL' && !INTEGERS.has(type)) return null;
  if (typeof value === 'number' && !Number.isSafeInteger(value)) return null;
  return scale > columnScale ? null : BigInt(value) * 10n ** BigInt(columnScale - scale);
}

/** Only what JavaScript's calendar surely shares with DuckDB's: years 0001 to 9999. */
function daysOf(text: string): number | null {
  if (!/^\d{4}-\d\d-\d\d$/.test(text) || text.startsWith('0000')) return null;
  const milliseconds = Date.parse(`${text}T00:00:00Z`);
  return Number.isNaN(milliseconds) ? null : milliseconds / 86_400_000;
}

function clockOf(text: string, digits: 6 | 9): bigint | null {
  const match = /^(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?$/.exec(text);
  if (match === null) return null;
  const [, hours, minutes, seconds, fraction = ''] = match;
  if (fraction.length > digits) return null;
  const whole = (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds);
  return BigInt(whole) * 10n ** BigInt(digits) + BigInt(fraction.padEnd(digits, '0'));
}

function instantOf(text: string, digits: 6 | 9): bigint | null {
  const days = daysOf(text.slice(0, 10));
  const clock = text.charAt(10) === ' ' ? clockOf(text.slice(11), digits) : null;
  return days === null || clock === null ? null : BigInt(days) * 86_400n * 10n ** BigInt(digits) + clock;
}
