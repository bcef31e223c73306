import type { DuckDbType } from '#shared/iceberg/duckdb-type-text.ts';
import { isNamed, trinoType } from './bound-type.ts';
import type { Operand } from './expression.ts';
import type { ScalarFunction } from './scalar-functions.ts';

const MICROS_A_MILLISECOND = 1000n;

/** A day or a moment without a zone, that much later or earlier: months first, whose ends are cut off, then days. */
export function plusInterval(
  { sql, type }: Operand,
  { months, days, micros }: NonNullable<Operand['interval']>,
  sign: 1 | -1,
  result: DuckDbType,
): string | null {
  if (!isNamed(type, 'DATE', 'TIMESTAMP') || micros % MICROS_A_MILLISECOND !== 0n) return null;
  const parts = [
    ['month', BigInt(months)],
    ['day', BigInt(days)],
    ['millisecond', micros / MICROS_A_MILLISECOND],
  ] as const;
  let moved = `CAST(${sql} AS timestamp(6))`;
  for (const [unit, count] of parts)
    if (count !== 0n) moved = `date_add('${unit}', ${BigInt(sign) * count}, ${moved})`;
  return `CAST(${moved} AS ${trinoType(result)})`;
}

/** Parts of days and moments, by DuckDB's names, of Trino's. */
const DAY_PARTS = new Map<string, (sql: string) => string>([
  ['year', (sql) => `year(${sql})`],
  ['quarter', (sql) => `quarter(${sql})`],
  ['month', (sql) => `month(${sql})`],
  ['day', (sql) => `day(${sql})`],
  ['dayofmonth', (sql) => `day(${sql})`],
  ['dayofyear', (sql) => `day_of_year(${sql})`],
  // From Sunday, 0, on; Trino's days begin with Monday, 1.
  ['dayofweek', (sql) => `(day_of_week(${sql}) % 7)`],
  ['weekday', (sql) => `(day_of_week(${sql}) % 7)`],
  ['isodow', (sql) => `day_of_week(${sql})`],
  ['weekofyear', (sql) => `week(${sql})`],
  ['week', (sql) => `week(${sql})`],
]);
const CLOCK_PARTS = new Map<string, (sql: string) => string>([
  ['hour', (sql) => `hour(${sql})`],
  ['minute', (sql) => `minute(${sql})`],
  ['second', (sql) => `second(${sql})`],
]);
const TRUNCATED = new Set(['year', 'quarter', 'month', 'week', 'day', 'hour', 'minute', 'second']);

function partOf(name: string, value: Operand | undefined, result: DuckDbType): string | null {
  if (value === undefined) return null;
  const part = isNamed(value.type, 'DATE', 'TIMESTAMP') ? DAY_PARTS.get(name) : undefined;
  const clock = isNamed(value.type, 'TIMESTAMP', 'TIME') ? CLOCK_PARTS.get(name) : undefined;
  const made = part ?? clock;
  return made === undefined ? null : `CAST(${made(value.sql)} AS ${trinoType(result)})`;
}

const datePart: ScalarFunction = ([part, value], result) =>
  typeof part?.constant === 'string' ? partOf(part.constant.toLowerCase(), value, result) : null;

const dateTrunc: ScalarFunction = ([part, value], result) => {
  const unit = String(part?.constant).toLowerCase();
  if (value === undefined || !TRUNCATED.has(unit) || !isNamed(value.type, 'DATE', 'TIMESTAMP')) return null;
  const moment = isNamed(value.type, 'DATE') ? `CAST(${value.sql} AS timestamp(6))` : value.sql;
  return `CAST(date_trunc('${unit}', ${moment}) AS ${trinoType(result)})`;
};

const daysBetween: ScalarFunction = ([part, from, to]) =>
  part?.constant === 'day' &&
  from !== undefined &&
  to !== undefined &&
  isNamed(from.type, 'DATE') &&
  isNamed(to.type, 'DATE')
    ? `date_diff('day', ${from.sql}, ${to.sql})`
    : null;

const named =
  (format: string): ScalarFunction =>
  ([value]) =>
    value !== undefined && isNamed(value.type, 'DATE', 'TIMESTAMP')
      ? `date_format(CAST(${value.sql} AS timestamp(6)), '${format}')`
      : null;

const lastDay: ScalarFunction = ([value]) =>
  value !== undefined && isNamed(value.type, 'DATE', 'TIMESTAMP') ? `last_day_of_month(${value.sql})` : null;

export const DATE_FUNCTIONS: readonly (readonly [string, ScalarFunction])[] = [
  ...[...DAY_PARTS.keys(), ...CLOCK_PARTS.keys()].map((name): [string, ScalarFunction] => [
    name,
    ([value], result) => partOf(name, value, result),
  ]),
  ['date_part', datePart],
  ['datepart', datePart],
  ['date_trunc', dateTrunc],
  ['datetrunc', dateTrunc],
  ['date_diff', daysBetween],
  ['datediff', daysBetween],
  ['dayname', named('%W')],
  ['monthname', named('%M')],
  ['last_day', lastDay],
];
