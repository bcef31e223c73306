import { ChartColumn } from 'lucide-react';
import { useMemo, useRef } from 'react';
import type { ChartConfig } from '#shared/contract/notebooks.ts';
import type { ResultColumn } from '#shared/contract/plan.ts';
import { present } from '#shared/util/present.ts';
import { errorMessage } from '#shared/errors/app-error.ts';
import { EmptyState } from '#web/components/empty-state.tsx';
import { ErrorState } from '#web/components/error-state.tsx';
import { Skeleton } from '#web/components/skeleton.tsx';
import type { AskableResult } from '#web/duckdb/relation/ask-result.ts';
import type { ResultTable } from '#web/lib/result-table.ts';
import { chartFields, fittingConfig, plainConfig, type PlainConfig } from '../model/chart-defaults.ts';
import { titleOf } from '../model/chart-title.ts';
import { chartView, describeView, type ChartView } from '../model/chart-view.ts';
import { barsLie } from '../model/plot-frame.ts';
import { seriesColours } from '../model/series-colours.ts';
import { CartesianPlot } from './cartesian-plot.tsx';
import { useShownSeries } from '../model/shown-series.ts';
import { useDrawn, type Drawn } from '../model/use-drawn.ts';
import { ChartImageMenu } from './chart-image-menu.tsx';
import { ChartTitle } from './chart-title.tsx';
import { ChartToolbar } from './chart-toolbar.tsx';
import { EngineFigure } from './engine-figure.tsx';
import { FieldShelf } from './field-shelf.tsx';
import { PiePlot } from './pie-plot.tsx';
import { SeriesSelect } from './series-select.tsx';
import { useWidth } from './use-width.ts';

interface ResultChartProps {
  readonly table: ResultTable;
  /** There are more rows than the table has. */
  readonly truncated?: boolean;
  /** What the engine is asked where a chart needs more than the page's rows; without it, only these are drawn. */
  readonly result?: AskableResult | null;
  /** What the cell keeps; absent or not fitting, the chart is what the columns suggest. */
  readonly config?: ChartConfig | undefined;
  readonly onChange: (config: ChartConfig) => void;
  /** For images of it, without what says the format; absent: as the chart is called. */
  readonly fileName?: string;
  /** The chart alone, and nothing that it is edited by. */
  readonly bare?: boolean;
}

/** A result as a chart. Load it lazily: Recharts is not small. */
export function ResultChart(props: ResultChartProps) {
  const { table, truncated = false, result = null, config, onChange, fileName, bare = false } = props;
  const fields = useMemo(() => chartFields(table.columns), [table.columns]);
  const fitting = useMemo(() => fittingConfig(config, table.columns), [config, table.columns]);
  const figure = useRef<HTMLDivElement>(null);
  const series = useShownSeries(result, fitting);
  const shown = useMemo(
    () =>
      series.kind === 'one' ? { ...fitting, only: series.shown } : series.kind === 'all' ? fitting : null,
    // oxlint-disable-next-line react-hooks/exhaustive-deps
    [fitting, series.kind, series.kind === 'one' ? series.shown : null],
  );
  const fallback = titleOf(shown ?? fitting);
  const asked = useDrawn(result, table, truncated, shown);
  const drawn = series.kind === 'failed' ? series : asked;
  const onTitle = (title: string | undefined) => {
    const { title: _, ...untitled } = fitting;
    onChange({ ...untitled, ...present({ title }) });
  };
  if (table.rowCount === 0) {
    return (
      <EmptyState icon={ChartColumn} title="Nothing to draw">
        The query gave no rows.
      </EmptyState>
    );
  }
  if (fields.y.length === 0 && fields.axis.length === 0) {
    return (
      <EmptyState icon={ChartColumn} title="No number to draw">
        A chart measures something, and none of the columns {columnNames(table)} is a number. Add one, such as{' '}
        <code className="font-mono text-xs">count(*)</code>.
      </EmptyState>
    );
  }
  return (
    <div className="flex flex-col">
      {!bare && (
        <>
          <ChartToolbar config={fitting} fields={fields} onChange={onChange}>
            <ChartImageMenu figure={figure} title={fitting.title ?? fallback} {...present({ fileName })} />
          </ChartToolbar>
          <FieldShelf columns={table.columns} />
        </>
      )}
      <ChartTitle title={fitting.title} fallback={fallback} onTitle={bare ? undefined : onTitle} />
      {series.kind === 'one' && (
        <SeriesSelect
          column={fitting.series ?? ''}
          choice={series}
          onChange={bare ? undefined : (only) => onChange({ ...fitting, only })}
        />
      )}
      <div ref={figure}>
        <DrawnFigure drawn={drawn} columns={table.columns} askable={result !== null} />
      </div>
    </div>
  );
}

interface DrawnFigureProps {
  readonly drawn: Drawn;
  readonly columns: readonly ResultColumn[];
  readonly askable: boolean;
}

function DrawnFigure({ drawn, columns, askable }: DrawnFigureProps) {
  if (drawn.kind === 'waiting') return <Skeleton className="m-3 h-70" />;
  if (drawn.kind === 'failed')
    return (
      <ErrorState
        error={drawn.error}
        title="The engine could not compute the chart."
        explanation={errorMessage(drawn.error)}
        onRetry={drawn.retry}
        className="min-h-70"
      />
    );
  const { table, config, notes, whole } = drawn;
  const plain = plainConfig(config);
  if (plain !== null) return <ChartFigure table={table} config={plain} notes={notes} whole={whole} />;
  const axes = axisNames(config);
  if (!askable)
    return (
      <EmptyState icon={ChartColumn} title="Not of this result" className="h-70">
        The engine computes such a chart from a query, and this result is none. Choose bars, a line or points.
      </EmptyState>
    );
  return (
    <figure className="px-3 pt-2 pb-1" aria-label={titleOf(config)}>
      {axes.y !== '' && <p className="truncate text-xs text-ink-3">{axes.y}</p>}
      <EngineFigure table={table} config={config} columns={columns} />
      <figcaption className="flex min-h-5 justify-between gap-6 text-xs text-ink-3">
        <span>{notes.join(' ')}</span>
        <span className="shrink-0">{axes.x}</span>
      </figcaption>
    </figure>
  );
}

interface ChartFigureProps {
  readonly table: ResultTable;
  readonly config: PlainConfig;
  /** What was done before the rows came here. */
  readonly notes: readonly string[];
  /** See ChartQuery. */
  readonly whole: boolean;
}

function ChartFigure({ table, config, notes, whole }: ChartFigureProps) {
  const [ref, width] = useWidth<HTMLDivElement>();
  const view = useMemo(() => chartView(table, config, whole), [table, config, whole]);
  const pie = config.type === 'pie';
  const colours = useMemo(
    () => seriesColours(pie ? view.places.map((place) => place.label) : view.series.map((each) => each.name)),
    [pie, view],
  );
  const lying = barsLie(view, config.type, width);
  const empty = view.extent === null || view.places.length === 0;
  return (
    <figure aria-label={describeView(view, config.type)} className="px-3 pt-2 pb-1">
      {!pie && !empty && <Measures view={view} config={config} colours={colours} lying={lying} />}
      <div ref={ref} className="min-h-70">
        {empty ? (
          <EmptyState icon={ChartColumn} title="Nothing to draw" className="h-70">
            {pie
              ? 'Slices need values above zero, and there are none.'
              : view.log && view.notes.length > 0
                ? 'A log scale needs values above zero, and there are none.'
                : `Every value of ${config.y.join(', ')} is NULL, or has no place on ${view.xName}.`}
          </EmptyState>
        ) : (
          width > 0 &&
          (config.type === 'pie' ? (
            <PiePlot view={view} colours={colours} width={width} />
          ) : (
            <CartesianPlot view={view} type={config.type} colours={colours} width={width} />
          ))
        )}
      </div>
      <figcaption className="flex min-h-5 justify-between gap-6 text-xs text-ink-3">
        <span>{[...notes, ...view.notes].join(' ')}</span>
        {!pie && !empty && (
          <span className="shrink-0">
            {lying ? view.series.map((each) => each.name).join(', ') : view.xName}
          </span>
        )}
      </figcaption>
    </figure>
  );
}

interface MeasuresProps {
  readonly view: ChartView;
  readonly config: PlainConfig;
  readonly colours: readonly string[];
  readonly lying: boolean;
}

/** The name of the upright axis over it; a key where marks can't carry their names themselves. */
function Measures({ view, config, colours, lying }: MeasuresProps) {
  const upright = lying ? view.xName : uprightName(view, config);
  const title = upright === '' ? null : <p className="truncate text-xs text-ink-3">{upright}</p>;
  // Lines and areas have their names at their ends.
  if (view.series.length === 1 || config.type === 'line' || config.type === 'area') return title;
  return (
    <>
      {title}
      <ul aria-label="Series" className="flex flex-wrap gap-x-4 text-xs text-ink-2">
        {view.series.map((series, at) => (
          <li key={series.name} className="flex max-w-48 items-center gap-1.5">
            <span aria-hidden className="size-2 shrink-0 rounded-full" style={{ background: colours[at] }} />
            <span className="truncate" title={series.name}>
              {series.name}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}

/** What is measured upwards: of one column split into series, that column; of several, their names are the series'. */
function uprightName(view: ChartView, { y, series }: PlainConfig): string {
  if (view.series.length === 1) return view.series[0]?.name ?? '';
  return series !== undefined && y.length === 1 ? (y[0] ?? '') : '';
}

/** Names of the axes of what the engine computed; none where the marks themselves have names. */
function axisNames({ type, x = '', y, series = '' }: ChartConfig): {
  readonly x: string;
  readonly y: string;
} {
  if (type === 'histogram') return { x, y: 'rows' };
  if (type === 'box') return { x, y: y[0] ?? '' };
  if (type === 'candlestick') return { x, y: y.join(', ') };
  if (type === 'heatmap') return { x, y: series };
  return { x: '', y: '' };
}

function columnNames(table: ResultTable): string {
  const names = table.columns.map((column) => column.name);
  return names.length > 4 ? `${names.slice(0, 4).join(', ')} and ${names.length - 4} more` : names.join(', ');
}
