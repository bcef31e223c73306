import type { DuckDbType } from '#shared/iceberg/duckdb-type-text.ts';
import { isExact, isFloat, isInteger, isNamed, isNumber, isScalar, trinoType } from './bound-type.ts';
import { DATE_FUNCTIONS, plusInterval } from './date-functions.ts';
import type { Operand } from './expression.ts';
import { TEXT_FUNCTIONS } from './text-functions.ts';

/** Trino's SQL for a function of DuckDB with its arguments; null where these are not compared. */
export type ScalarFunction = (args: readonly Operand[], result: DuckDbType) => string | null;

const cast = (sql: string, type: DuckDbType) => `CAST(${sql} AS ${trinoType(type)})`;

const plus: ScalarFunction = ([a, b], result) => {
  if (a === undefined) return null;
  if (b === undefined) return isNumber(a.type) ? a.sql : null;
  if (b.interval !== undefined) return plusInterval(a, b.interval, 1, result);
  if (a.interval !== undefined) return plusInterval(b, a.interval, 1, result);
  if (isNumber(a.type) && isNumber(b.type)) return cast(`(${a.sql} + ${b.sql})`, result);
  if (isNamed(a.type, 'DATE') && isInteger(b.type)) return `date_add('day', ${b.sql}, ${a.sql})`;
  return isInteger(a.type) && isNamed(b.type, 'DATE') ? `date_add('day', ${a.sql}, ${b.sql})` : null;
};

const minus: ScalarFunction = ([a, b], result) => {
  if (a === undefined) return null;
  if (b === undefined) return isNumber(a.type) ? `(-${a.sql})` : null;
  if (b.interval !== undefined) return plusInterval(a, b.interval, -1, result);
  if (isNumber(a.type) && isNumber(b.type)) return cast(`(${a.sql} - ${b.sql})`, result);
  if (isNamed(a.type, 'DATE') && isNamed(b.type, 'DATE')) return `date_diff('day', ${b.sql}, ${a.sql})`;
  return isNamed(a.type, 'DATE') && isInteger(b.type) ? `date_add('day', -(${b.sql}), ${a.sql})` : null;
};

const times: ScalarFunction = ([a, b], result) =>
  a !== undefined && b !== undefined && isNumber(a.type) && isNumber(b.type)
    ? cast(`(${a.sql} * ${b.sql})`, result)
    : null;

/** DuckDB has NULL for what is divided by zero; of floats, what IEEE 754 says. */
const divide: ScalarFunction = ([a, b]) =>
  a !== undefined && b !== undefined && isFloat(a.type) && isFloat(b.type) ? `(${a.sql} / ${b.sql})` : null;

const divideWhole: ScalarFunction = ([a, b], result) =>
  a !== undefined && b !== undefined && isInteger(a.type) && isInteger(b.type)
    ? cast(`(${a.sql} / nullif(${b.sql}, ${cast('0', b.type)}))`, result)
    : null;

const remainder: ScalarFunction = ([a, b], result) =>
  a !== undefined && b !== undefined && isExact(a.type) && isExact(b.type)
    ? cast(`(${a.sql} % nullif(${b.sql}, ${cast('0', b.type)}))`, result)
    : null;

/** Of exact numbers; of floats too where both do what IEEE 754 says. */
const rounded =
  (name: string): ScalarFunction =>
  ([a, ...more], result) =>
    a !== undefined && more.length === 0 && isNumber(a.type) ? cast(`${name}(${a.sql})`, result) : null;

const round: ScalarFunction = ([a, digits, ...more], result) => {
  if (a === undefined || more.length > 0 || !isNumber(a.type)) return null;
  if (digits === undefined) return cast(`round(${a.sql})`, result);
  const { constant } = digits;
  return isExact(a.type) && typeof constant === 'number'
    ? cast(`round(${a.sql}, ${constant})`, result)
    : null;
};

const ofFloat =
  (name: string): ScalarFunction =>
  ([a]) =>
    a !== undefined && isFloat(a.type) ? `${name}(${a.sql})` : null;

const sqrt: ScalarFunction = ([a]) =>
  a !== undefined && isFloat(a.type)
    ? `IF(${a.sql} < 0, CAST(fail('cannot take square root of a negative number') AS double), sqrt(${a.sql}))`
    : null;

/** NULLs do not count. */
const extreme =
  (name: string): ScalarFunction =>
  (args) =>
    args.every(({ type }) => isScalar(type) && !isFloat(type))
      ? `${name}(filter(ARRAY[${args.map(({ sql }) => sql).join(', ')}], v -> v IS NOT NULL))`
      : null;

const errorFunction: ScalarFunction = ([message], result) =>
  typeof message?.constant === 'string' ? cast(`fail(${message.sql})`, result) : null;

const structExtract: ScalarFunction = ([struct, name]) => {
  if (struct?.type.kind !== 'struct') return null;
  const wanted = name?.constant;
  const { fields } = struct.type;
  const at =
    typeof wanted === 'number'
      ? wanted - 1
      : fields.findIndex((field) => field.name.toLowerCase() === String(wanted).toLowerCase());
  return fields[at] === undefined ? null : `(${struct.sql})[${at + 1}]`;
};

const listExtract: ScalarFunction = ([list, at]) =>
  list?.type.kind === 'list' && typeof at?.constant === 'number' && at.constant !== 0
    ? `element_at(${list.sql}, ${at.constant})`
    : null;

const cardinality: ScalarFunction = ([value], result) =>
  value?.type.kind === 'list' || value?.type.kind === 'map'
    ? cast(`cardinality(${value.sql})`, result)
    : null;

const listContains: ScalarFunction = ([list, value]) =>
  list?.type.kind === 'list' && value?.constant !== undefined && isScalar(value.type) && !isFloat(value.type)
    ? `IF(${list.sql} IS NULL, NULL, coalesce(contains(${list.sql}, ${value.sql}), FALSE))`
    : null;

const mapExtract: ScalarFunction = ([map, key]) =>
  map?.type.kind === 'map' && key?.constant !== undefined && !isFloat(key.type)
    ? `element_at(${map.sql}, ${key.sql})`
    : null;

/**
 * What is known to give the same on Trino, by DuckDB's names of what it bound: operators, and functions with their
 * aliases. What is not here runs on the server. The suite of `npm run test:interop` compares each with a real Trino.
 */
export const SCALAR_FUNCTIONS: ReadonlyMap<string, ScalarFunction> = new Map<string, ScalarFunction>([
  ['+', plus],
  ['-', minus],
  ['*', times],
  ['/', divide],
  ['//', divideWhole],
  ['%', remainder],
  ['mod', remainder],
  ['abs', rounded('abs')],
  ['ceil', rounded('ceiling')],
  ['ceiling', rounded('ceiling')],
  ['floor', rounded('floor')],
  ['trunc', rounded('truncate')],
  ['round', round],
  ['sqrt', sqrt],
  ['isnan', ofFloat('is_nan')],
  ['isinf', ofFloat('is_infinite')],
  ['isfinite', ofFloat('is_finite')],
  ['greatest', extreme('array_max')],
  ['least', extreme('array_min')],
  ['error', errorFunction],
  ['struct_extract', structExtract],
  ['struct_extract_at', structExtract],
  ['array_extract', (args, result) => structExtract(args, result) ?? listExtract(args, result)],
  ['list_extract', listExtract],
  ['list_element', listExtract],
  ['len', cardinality],
  ['array_length', cardinality],
  ['cardinality', cardinality],
  ['list_contains', listContains],
  ['array_contains', listContains],
  ['list_has', listContains],
  ['map_extract_value', mapExtract],
  ...DATE_FUNCTIONS,
  ...TEXT_FUNCTIONS,
]);
