import { ChartColumn } from 'lucide-react';
import type { ChartConfig } from '#shared/contract/notebooks.ts';
import { EmptyState } from '#web/components/empty-state.tsx';
import type { ResultColumn } from '#shared/contract/plan.ts';
import { isTemporal, parseSqlType } from '#web/lib/format/duckdb-type.ts';
import type { ResultTable } from '#web/lib/result-table.ts';
import { BoxPlot } from './box-plot.tsx';
import { CandlePlot } from './candle-plot.tsx';
import { HeatMap } from './heat-map.tsx';
import { HistogramPlot } from './histogram-plot.tsx';
import { PointMap } from './point-map.tsx';
import { useWidth } from './use-width.ts';

interface EngineFigureProps {
  /** What the engine made of the rows; see chart-sql.ts. */
  readonly table: ResultTable;
  readonly config: ChartConfig;
  /** Of the result. */
  readonly columns: readonly ResultColumn[];
}

/** The charts whose figures the engine computes: histogram, boxes, heat map, candles, map. */
export function EngineFigure({ table, config, columns }: EngineFigureProps) {
  const [ref, width] = useWidth<HTMLDivElement>();
  const x = columns.find(({ name }) => name === config.x);
  const time = x !== undefined && isTemporal(parseSqlType(x.type));
  const log = config.scale === 'log';
  const [xName, yName] = [config.x ?? '', config.y.at(-1) ?? ''];
  if (table.rowCount === 0)
    return (
      <EmptyState icon={ChartColumn} title="Nothing to draw" className="h-70">
        No row has values in all of the chosen columns.
      </EmptyState>
    );
  return (
    <div ref={ref} className="min-h-70">
      {width > 0 && config.type === 'histogram' && (
        <HistogramPlot table={table} name={xName} time={time} width={width} log={log} />
      )}
      {width > 0 && config.type === 'box' && (
        <BoxPlot table={table} xName={xName} yName={config.y[0] ?? ''} width={width} />
      )}
      {width > 0 && config.type === 'heatmap' && (
        <HeatMap table={table} paired={config.series !== undefined} width={width} />
      )}
      {width > 0 && config.type === 'candlestick' && (
        <CandlePlot table={table} xName={xName} yName={yName} time={time} width={width} log={log} />
      )}
      {width > 0 && config.type === 'map' && (
        <PointMap table={table} series={config.series !== undefined} width={width} />
      )}
    </div>
  );
}
