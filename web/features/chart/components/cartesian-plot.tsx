import {
  Area,
  Bar,
  BarChart,
  CartesianGrid,
  Cell,
  ComposedChart,
  Line,
  Scatter,
  Tooltip,
  XAxis,
  YAxis,
  type ScatterShapeProps,
} from 'recharts';
import type { ChartPlace } from '../model/chart-data.ts';
import type { PlainType } from '../model/chart-defaults.ts';
import type { ChartView } from '../model/chart-view.ts';
import { plotFrame } from '../model/plot-frame.ts';
import { tooltipContent } from './chart-tooltip.tsx';
import { EndLabels } from './end-labels.tsx';

interface CartesianPlotProps {
  readonly view: ChartView;
  readonly type: Exclude<PlainType, 'pie'>;
  readonly colours: readonly string[];
  readonly width: number;
}

const TICK = { fill: 'var(--ink-3)', fontSize: 12 };
const NO_PADDING = { left: 0, right: 0 };
const AXIS_LINE = { stroke: 'var(--line-strong)' };

export function CartesianPlot({ view, type, colours, width }: CartesianPlotProps) {
  const frame = plotFrame(view, type, width);
  const { value, place, horizontal, margin, height } = frame;
  const placeAxis = {
    dataKey: 'x',
    tick: TICK,
    tickLine: false,
    axisLine: AXIS_LINE,
    ...(place === null
      ? {
          type: 'category' as const,
          tickFormatter: (x: number) => frame.shortLabel(x),
          ...(frame.labelled === null
            ? { interval: horizontal ? (0 as const) : ('equidistantPreserveStart' as const) }
            : { ticks: [...frame.labelled], interval: 0 as const }),
          minTickGap: 8,
        }
      : {
          type: 'number' as const,
          domain: [...place.domain],
          ticks: [...place.ticks],
          tickFormatter: place.format,
          interval: 0 as const,
        }),
  };
  const valueAxis = {
    type: 'number' as const,
    ...(value.log === true ? { scale: 'log' as const } : {}),
    domain: [...value.domain],
    ticks: [...value.ticks],
    tickFormatter: value.format,
    tick: TICK,
    tickLine: false,
    axisLine: false,
    interval: 0 as const,
  };
  // Of the two, only a bar chart marks the whole place that is pointed at.
  const Chart = type === 'bar' ? BarChart : ComposedChart;
  const stack = view.stacked ? { stackId: 'all' } : {};

  return (
    <div className="relative">
      <Chart
        width={width}
        height={height}
        data={[...view.places]}
        layout={horizontal ? 'vertical' : 'horizontal'}
        margin={margin}
        barCategoryGap="20%"
        barGap={1}
      >
        <CartesianGrid stroke="var(--chart-grid)" vertical={horizontal} horizontal={!horizontal} />
        {horizontal ? (
          <>
            <XAxis {...valueAxis} height={frame.xHeight} />
            <YAxis {...placeAxis} width={frame.yWidth} />
          </>
        ) : (
          <>
            <XAxis
              {...placeAxis}
              height={frame.xHeight}
              padding={place === null ? NO_PADDING : frame.padding}
            />
            <YAxis {...valueAxis} width={frame.yWidth} />
          </>
        )}
        <Tooltip
          isAnimationActive={false}
          cursor={type === 'bar' ? { fill: 'var(--hover)' } : { stroke: 'var(--line-strong)' }}
          content={tooltipContent(view, (at) => colours[at])}
        />
        {view.series.map((series, at) => {
          const colour = colours[at] ?? 'var(--chart-1)';
          const common = {
            dataKey: (row: ChartPlace) => row.values[at],
            name: series.name,
            isAnimationActive: false,
          };
          if (type === 'bar')
            return (
              <Bar key={series.name} {...common} {...stack} fill={colour} maxBarSize={48}>
                {view.other >= 0 &&
                  view.places.map(({ x }, place) => (
                    // What stands for all others is no equal of those that it stands beside.
                    <Cell key={x} fillOpacity={place === view.other ? 0.45 : 1} />
                  ))}
              </Bar>
            );
          if (type === 'scatter') {
            return <Scatter key={series.name} {...common} fill={colour} shape={pointOf(at, colour)} />;
          }
          const stroke = { stroke: colour, strokeWidth: 1.75, connectNulls: frame.connect, dot: frame.dots };
          return type === 'line' ? (
            <Line key={series.name} {...common} {...stroke} type="linear" activeDot={{ r: 3.5 }} />
          ) : (
            <Area
              key={series.name}
              {...common}
              {...stroke}
              {...stack}
              type="linear"
              fill={colour}
              fillOpacity={view.stacked ? 0.45 : 0.18}
              activeDot={{ r: 3.5 }}
            />
          );
        })}
      </Chart>
      {frame.endLabels && <EndLabels view={view} frame={frame} colours={colours} width={width} />}
    </div>
  );
}

/** A dot where the row has a value of this series; Recharts asks for one for each row and gives it its place. */
function pointOf(series: number, colour: string) {
  return ({ cx, cy, payload }: ScatterShapeProps) =>
    typeof (payload as ChartPlace | undefined)?.values[series] === 'number' ? (
      <circle cx={cx} cy={cy} r={3} fill={colour} fillOpacity={0.65} />
    ) : (
      <g />
    );
}
