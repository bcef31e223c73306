import type { ChartConfig } from '#shared/contract/notebooks.ts';
import type { Relation } from '#web/lib/relation/relation-sql.ts';
import { groupedQuery, slicesQuery } from './chart-groups-sql.ts';
import { columnsOf, type ChartColumns, type ChartQuery } from './chart-query.ts';
import { boxesQuery, candlesQuery, lineQuery, sampleQuery } from './chart-shapes-sql.ts';
import { histogramQuery } from './histogram-sql.ts';
import { topQuery } from './chart-top-sql.ts';
import { MAX_BARS } from './chart-view.ts';
import { hasUnits } from './time-unit.ts';

/** A result up to this is drawn from the rows that the page has. */
export const DRAWN_AS_IT_IS = 20_000;
const CLOUD_POINTS = 4000;
const MAP_POINTS = 5000;

interface ResultSize {
  readonly rows: number;
  readonly truncated: boolean;
}

/**
 * Null where the page draws the rows that it has: few, and nothing to be computed of them. A kept chart may name columns
 * that are gone; `config` is one that fits.
 */
export function chartQuery(relation: Relation, config: ChartConfig, size: ResultSize): ChartQuery | null {
  const columns = columnsOf(relation, config);
  const large = size.truncated || size.rows > DRAWN_AS_IT_IS;
  const computed =
    large || config.aggregate !== undefined || (config.unit !== undefined && hasUnits(columns.xType));
  switch (config.type) {
    case 'histogram':
      return histogramQuery(columns, config);
    case 'box':
      return boxesQuery(columns, config);
    case 'heatmap':
      return groupedQuery(columns, config);
    case 'candlestick':
      return candlesQuery(columns, config);
    case 'map':
      return sampleQuery(columns, config, MAP_POINTS, large);
    case 'scatter':
      return config.aggregate === undefined
        ? sampleQuery(columns, config, CLOUD_POINTS, large)
        : groupedQuery(columns, config);
    case 'pie':
      return computed ? slicesQuery(columns, config) : null;
    case 'line':
    case 'area':
      return computed ? lineQuery(columns, config) : null;
    case 'bar':
    case 'stacked':
      if (config.top !== undefined && computed) return topQuery(columns, config, config.top);
      return computed || manyTimes(columns, size) ? groupedQuery(columns, config) : null;
  }
}

/** More bars than there is room for, of times, which can stand together. */
function manyTimes({ xType }: ChartColumns, { rows }: ResultSize): boolean {
  return rows > MAX_BARS && hasUnits(xType);
}
