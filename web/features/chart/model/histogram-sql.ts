import type { ChartConfig } from '#shared/contract/notebooks.ts';
import { isNumeric, parseSqlType } from '#web/lib/format/duckdb-type.ts';
import { countOf, formatFloat } from '#web/lib/format/numbers.ts';
import { formatTimestamp } from '#web/lib/format/temporal.ts';
import { axisSql } from '#web/lib/relation/column-stats.ts';
import { figure, type ChartColumns, type ChartQuery } from './chart-query.ts';
import { ENDS_COMPARE } from './chart-view.ts';

/** Bars where nobody says how many. */
export const BINS = 30;
/** What is left out at either end where outliers are. */
const TAIL = 0.01;

/**
 * Columns start, width, n: how many rows are in each part of the axis, whose parts begin at round numbers; then figures:
 * rows left out below and above, the lowest and the highest value that is not.
 */
export function histogramQuery({ from, x, xType }: ChartColumns, config: ChartConfig): ChartQuery | null {
  if (x === null) return null;
  const type = parseSqlType(xType);
  const least = type.kind === 'integer' ? '1' : '0';
  const round = isNumeric(type);
  const bins = config.bins ?? BINS;
  const ends =
    config.cut === true
      ? `quantile_disc(p, ${TAIL}) AS a, quantile_disc(p, ${1 - TAIL}) AS z`
      : 'min(p) AS a, max(p) AS z';
  const raw = `(z - a) / ${bins}`;
  const step = round
    ? `greatest(${least}, CASE WHEN raw <= 0 THEN 1 ELSE power(10, floor(log10(raw))) * CASE WHEN raw / power(10, floor(log10(raw))) <= 1 THEN 1 WHEN raw / power(10, floor(log10(raw))) <= 2 THEN 2 WHEN raw / power(10, floor(log10(raw))) <= 5 THEN 5 ELSE 10 END END)`
    : 'CASE WHEN raw <= 0 THEN 1 ELSE raw END';
  const start = round ? 'floor(a / step) * step' : 'a';
  const outside = (sign: string) => `(SELECT count(*) FROM r, b WHERE p ${sign})`;
  return {
    sql: `WITH r AS (SELECT ${axisSql(x, xType)} AS p FROM ${from}),
b AS (SELECT a, z, ${step} AS step FROM (SELECT a, z, ${raw} AS raw FROM (SELECT ${ends} FROM r))),
k AS (SELECT floor((p - ${start}) / step) AS bin, ${start} AS start, step FROM r, b WHERE p BETWEEN a AND z)
SELECT start + bin * step AS start, step AS width, count(*) AS n, ${config.cut === true ? `${outside('< a')} AS below, ${outside('> z')} AS above` : '0 AS below, 0 AS above'}, (SELECT a FROM b) AS lowest, (SELECT z FROM b) AS highest FROM k GROUP BY bin, start, step ORDER BY bin`,
    maxRows: bins * 3,
    config,
    notes: (answer) => [
      ...(config.cut === true && answer.rowCount > 0
        ? [
            cutNote(
              [figure(answer, 3), figure(answer, 4)],
              [figure(answer, 5), figure(answer, 6)].map((end) =>
                round ? formatFloat(end) : formatTimestamp(BigInt(Math.round(end))).replace(/ 00:00:00$/, ''),
              ),
            ),
          ]
        : []),
      ...(config.scale === 'log' ? [ENDS_COMPARE] : []),
    ],
  };
}

function cutNote([below = 0, above = 0]: readonly number[], [lowest, highest]: readonly string[]): string {
  const out = `${countOf(below, 'value')} below ${lowest} and ${countOf(above, 'value')} above ${highest}`;
  return `From the 1st to the 99th percentile; ${out} are left out.`;
}
