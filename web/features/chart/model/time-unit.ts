import type { ChartConfig } from '#shared/contract/notebooks.ts';
import { quoteLiteral } from '#shared/sql/quoting.ts';
import { parseSqlType } from '#web/lib/format/duckdb-type.ts';
import { axisSql } from '#web/lib/relation/column-stats.ts';
import type { TimeUnit } from './chart-query.ts';

const HOUR = 3_600e6;
/** Microseconds; of months and longer about. */
const LENGTHS: Readonly<Record<TimeUnit, number>> = {
  second: 1e6,
  minute: 60e6,
  hour: HOUR,
  day: 24 * HOUR,
  week: 168 * HOUR,
  month: 730 * HOUR,
  quarter: 2190 * HOUR,
  year: 8760 * HOUR,
};

export const TIME_UNITS = Object.keys(LENGTHS) as readonly TimeUnit[];

/** Charts whose times stand together by themselves where they are many. */
export const FITTING: ReadonlySet<ChartConfig['type']> = new Set(['bar', 'stacked', 'heatmap']);

/** Whether times of a type can be put together by hours, days and so on. */
export function hasUnits(type: string): boolean {
  return ['date', 'timestamp', 'timestamptz'].includes(parseSqlType(type).kind);
}

/**
 * The unit of a column's times, as an expression over `rows_of_all`: the one that is given, or the shortest of which
 * at most `places` (an expression where it is no number) go from the first to the last time.
 */
export function unitSql(
  column: string,
  type: string,
  unit: TimeUnit | undefined,
  places: number | string,
): string {
  if (unit !== undefined) return quoteLiteral(unit);
  const place = axisSql(column, type);
  const fitting = TIME_UNITS.slice(0, -1).map(
    (each) => `WHEN span <= ${LENGTHS[each]} * places THEN ${quoteLiteral(each)}`,
  );
  return `(SELECT CASE ${fitting.join(' ')} ELSE 'year' END FROM (SELECT max(${place}) - min(${place}) AS span, CAST(${places} AS BIGINT) AS places FROM rows_of_all) AS ends)`;
}

/** The beginning of a time's unit. Times with a zone become such of UTC, as they are shown. */
export function unitStartSql(column: string, type: string, unit: string): string {
  const time = parseSqlType(type).kind === 'timestamptz' ? `make_timestamp(epoch_us(${column}))` : column;
  return `date_trunc(${unit}, ${time})`;
}
