import type { DuckDbType } from '#shared/iceberg/duckdb-type-text.ts';
import { isNode, nodesOf, textOf, type AstNode, type AstValue } from '../analyze/ast.ts';
import { boundType, trinoType } from './bound-type.ts';
import { refuse } from './refuse.ts';

const MICROS_A_DAY = 86_400_000_000n;
const DECIMAL_DIGITS = 38;

/** A constant of DuckDB's serialized plan in Trino's SQL. @throws UNSUPPORTED for one that Trino can't have */
export function literal(constant: AstNode): string {
  const type = boundType(constant['type']);
  const value = constant['value'];
  if (constant['is_null'] === true) return `CAST(NULL AS ${trinoType(type)})`;
  switch (type.kind) {
    case 'decimal':
      return `CAST(DECIMAL '${decimalText(wideInteger(value), type.scale)}' AS ${trinoType(type)})`;
    case 'list':
      return `CAST(ARRAY[${childrenOf(value).map(literal).join(', ')}] AS ${trinoType(type)})`;
    case 'struct':
      return `CAST(ROW(${childrenOf(value).map(literal).join(', ')}) AS ${trinoType(type)})`;
    case 'map':
      return refuse('constant maps are not on the cluster');
    case 'name':
      return scalar(type, value);
  }
}

function scalar(type: DuckDbType & { kind: 'name' }, value: AstValue | undefined): string {
  const trino = trinoType(type);
  switch (type.name) {
    case 'BOOLEAN':
      return value === true ? 'TRUE' : 'FALSE';
    case 'TINYINT':
    case 'SMALLINT':
    case 'INTEGER':
    case 'BIGINT':
      return `${trino} '${integerOf(value)}'`;
    case 'HUGEINT':
      return `CAST(DECIMAL '${decimalText(wideInteger(value), 0)}' AS ${trino})`;
    case 'FLOAT':
    case 'DOUBLE':
      return `${trino} '${floatText(value)}'`;
    case 'VARCHAR':
      return text(textOf(value));
    case 'BLOB':
      return `X'${blobHex(textOf(value))}'`;
    case 'DATE':
      return `DATE '${dayText(integerOf(value))}'`;
    case 'TIME':
      return `TIME '${clockText(integerOf(value))}'`;
    case 'TIMESTAMP':
      return `TIMESTAMP '${momentText(integerOf(value))}'`;
    case 'TIMESTAMP WITH TIME ZONE':
      return `TIMESTAMP '${momentText(integerOf(value))} UTC'`;
    case 'UUID':
      return `UUID '${uuidText(value)}'`;
    default:
      return refuse(`constants of the type ${type.name} are not on the cluster`);
  }
}

export function text(value: string): string {
  if (value.includes('\0')) return refuse('text with a NUL character is not on the cluster');
  return `'${value.replaceAll("'", "''")}'`;
}

/** A constant that is no NULL, as what it is: of the types that functions look at. */
export function constantValue(node: AstNode): string | number | bigint | boolean | null {
  if (node['expression_class'] !== 'BOUND_CONSTANT' || !isNode(node['value'])) return null;
  const { is_null: isNull, value } = node['value'];
  if (isNull === true || isNode(value) || Array.isArray(value)) return null;
  return (value ?? null) as string | number | bigint | boolean | null;
}

function childrenOf(value: AstValue | undefined): readonly AstNode[] {
  return isNode(value) ? nodesOf(value['children']) : [];
}

/** @throws UNSUPPORTED where it is none */
export function integerOf(value: AstValue | undefined): bigint {
  return typeof value === 'number' || typeof value === 'bigint' || typeof value === 'string'
    ? BigInt(value)
    : refuse('its plan is none that is known');
}

/** Of 128 bits two halves, of less a number. */
function wideInteger(value: AstValue | undefined): bigint {
  if (!isNode(value)) return integerOf(value);
  return (integerOf(value['upper']) << 64n) + BigInt.asUintN(64, integerOf(value['lower']));
}

function decimalText(unscaled: bigint, scale: number): string {
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString();
  if (digits.length > DECIMAL_DIGITS) return refuse('integers of more than 38 digits are not on the cluster');
  const padded = digits.padStart(scale + 1, '0');
  const whole = padded.slice(0, padded.length - scale);
  const part = scale === 0 ? '' : `.${padded.slice(padded.length - scale)}`;
  return `${unscaled < 0n ? '-' : ''}${whole}${part}`;
}

/** Beyond JSON, numbers come as text (see readSerializedPlan). */
function floatText(value: AstValue | undefined): string {
  if (typeof value === 'string')
    return /nan/i.test(value) ? 'NaN' : value.replace(/inf(inity)?/i, 'Infinity');
  if (typeof value !== 'number') return integerOf(value).toString();
  return Object.is(value, -0) ? '-0.0' : String(value);
}

/** As DuckDB writes bytes: `\x00` for some of them, and themselves for the others. */
function blobHex(value: string): string {
  return value.replaceAll(
    /\\x([0-9A-Fa-f]{2})|([^])/g,
    (_, hex: string | undefined, other: string) => hex ?? other.charCodeAt(0).toString(16).padStart(2, '0'),
  );
}

function dayText(days: bigint): string {
  const date = new Date(Number(days) * 86_400_000);
  const year = date.getUTCFullYear();
  // Beyond, calendars and texts differ; both ends of time are there too.
  if (!(year >= 1 && year <= 9999))
    return refuse('dates outside of the years 1 to 9999 are not on the cluster');
  return date.toISOString().slice(0, 10);
}

function clockText(micros: bigint): string {
  const two = (value: bigint) => value.toString().padStart(2, '0');
  const seconds = micros / 1_000_000n;
  const part = (micros % 1_000_000n).toString().padStart(6, '0');
  return `${two(seconds / 3600n)}:${two((seconds / 60n) % 60n)}:${two(seconds % 60n)}.${part}`;
}

function momentText(micros: bigint): string {
  const clock = ((micros % MICROS_A_DAY) + MICROS_A_DAY) % MICROS_A_DAY;
  return `${dayText((micros - clock) / MICROS_A_DAY)} ${clockText(clock)}`;
}

/** DuckDB keeps the upper half with its sign turned, so that it sorts. */
function uuidText(value: AstValue | undefined): string {
  const bits = BigInt.asUintN(128, wideInteger(value) ^ (1n << 127n));
  return bits
    .toString(16)
    .padStart(32, '0')
    .replace(/(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
