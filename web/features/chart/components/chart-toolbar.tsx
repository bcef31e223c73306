import {
  ChartArea,
  ChartCandlestick,
  ChartColumn,
  ChartColumnBig,
  ChartColumnStacked,
  ChartLine,
  ChartNoAxesCombined,
  ChartPie,
  ChartScatter,
  Grid3x3,
  MapPin,
  Ruler,
} from 'lucide-react';
import { useState, type DragEvent, type ReactNode } from 'react';
import type { ChartConfig } from '#shared/contract/notebooks.ts';
import { Button } from '#web/components/button.tsx';
import { ChecklistMenu } from '#web/components/checklist-menu.tsx';
import { IconButton } from '#web/components/icon-button.tsx';
import { Menu, MenuChoice } from '#web/components/menu.tsx';
import { Select } from '#web/components/select.tsx';
import { cn } from '#web/lib/class-names.ts';
import { ADDING_UP, AGGREGATE_WORDS, type Aggregate } from '../model/chart-query.ts';
import type { ChartFields, ChartType } from '../model/chart-defaults.ts';
import { BINS } from '../model/histogram-sql.ts';
import { MAX_SLICES } from '../model/chart-view.ts';
import { dropped, fieldsFor, retyped, WELLS, type WellName } from '../model/chart-wells.ts';
import { FITTING, TIME_UNITS } from '../model/time-unit.ts';

const TYPES = [
  { value: 'bar', label: 'Bars', icon: ChartColumn },
  { value: 'stacked', label: 'Stacked bars', icon: ChartColumnStacked },
  { value: 'line', label: 'Line', icon: ChartLine },
  { value: 'area', label: 'Area', icon: ChartArea },
  { value: 'scatter', label: 'Scatter', icon: ChartScatter },
  { value: 'pie', label: 'Pie', icon: ChartPie },
  { value: 'histogram', label: 'Histogram', icon: ChartColumnBig },
  { value: 'box', label: 'Box plot', icon: ChartNoAxesCombined },
  { value: 'heatmap', label: 'Heat map', icon: Grid3x3 },
  { value: 'candlestick', label: 'Candles', icon: ChartCandlestick },
  { value: 'map', label: 'Map of points', icon: MapPin },
] as const satisfies readonly { value: ChartType; label: string; icon: unknown }[];

/** What is dragged: the name of a column of this result. */
export const FIELD_TYPE = 'application/x-timestream-field';

interface ChartToolbarProps {
  readonly config: ChartConfig;
  readonly fields: ChartFields;
  readonly onChange: (config: ChartConfig) => void;
  /** At its end. */
  readonly children?: ReactNode;
}

/** What kind of chart, and which columns are what in it: chosen from lists, or dragged there. */
export function ChartToolbar({ config, fields, onChange, children }: ChartToolbarProps) {
  const { type } = config;
  const wells = WELLS[type];
  const kind = TYPES.find(({ value }) => value === type) ?? TYPES[0];
  const { series: _, only: ______, ...withoutSeries } = config;
  const { aggregate: __, ...asItIs } = config;
  const { unit: ___, ...withoutUnit } = config;
  const { top: ____, ...withoutTop } = config;
  const { scale: _____, ...linear } = config;
  const { bins: _______, ...fittingBins } = config;
  const { cut: ________, ...uncut } = config;
  const well = (name: WellName) => ({
    title: wells[name] ?? '',
    onDropField: (field: string) => onChange(dropped(config, fields, name, field)),
  });
  return (
    <div
      role="toolbar"
      aria-label="Chart"
      className="flex flex-wrap items-center gap-x-4 gap-y-2 border-b px-3 py-1.5"
    >
      <Menu
        trigger={
          <Button aria-label={`Chart type: ${kind.label}`}>
            <kind.icon aria-hidden className="size-4" strokeWidth={1.75} />
            {kind.label}
          </Button>
        }
      >
        <MenuChoice
          value={type}
          onChange={(next) => onChange(retyped(config, fields, next as ChartType))}
          options={TYPES}
        />
      </Menu>
      {wells.x !== undefined && (
        <Well {...well('x')}>
          <Select
            label={`Field of: ${wells.x}`}
            value={config.x ?? ''}
            placeholder="Choose…"
            options={fieldsFor(fields, type, 'x').map(option)}
            onChange={(x) => onChange({ ...(config.series === x ? withoutSeries : config), x })}
            className="max-w-48"
          />
        </Well>
      )}
      {wells.y !== undefined && (
        <Well {...well('y')}>
          {wells.several === true ? (
            <ChecklistMenu
              label={`Fields of: ${wells.y}`}
              items={fields.y}
              chosen={config.y}
              least={1}
              onChange={(y) => onChange({ ...config, y })}
            />
          ) : (
            <Select
              label={`Field of: ${wells.y}`}
              value={config.y[0] ?? ''}
              placeholder="Choose…"
              options={fields.y.map(option)}
              onChange={(y) => onChange({ ...config, y: [y] })}
              className="max-w-48"
            />
          )}
        </Well>
      )}
      {wells.series !== undefined && (
        <Well {...well('series')}>
          <Select
            label={`Field of: ${wells.series}`}
            value={config.series === undefined ? NONE : `=${config.series}`}
            options={[
              { value: NONE, label: 'None' },
              ...fields.series
                .filter((name) => name !== config.x)
                .map((name) => ({ value: `=${name}`, label: name })),
            ]}
            onChange={(value) =>
              onChange(value === NONE ? withoutSeries : { ...withoutSeries, series: value.slice(1) })
            }
            className="max-w-48"
          />
        </Well>
      )}
      {wells.aggregates === true && (
        <Well title="Values">
          <Select
            label="What becomes of the values of one place"
            value={config.aggregate ?? NONE}
            options={[
              { value: NONE, label: 'as they are' },
              ...Object.entries(AGGREGATE_WORDS)
                .filter(([value]) => type !== 'pie' || ADDING_UP.has(value as Aggregate))
                .map(([value, label]) => ({ value, label })),
            ]}
            onChange={(value) =>
              onChange(value === NONE ? asItIs : { ...config, aggregate: value as Aggregate })
            }
          />
        </Well>
      )}
      {wells.units === true && config.x !== undefined && fields.dates.includes(config.x) && (
        <Well title="By">
          <Select
            label="What times are put together by"
            value={config.unit ?? NONE}
            options={[
              { value: NONE, label: FITTING.has(type) ? 'what fits' : 'nothing' },
              ...TIME_UNITS.map((unit) => ({ value: unit, label: unit })),
            ]}
            onChange={(value) => onChange(value === NONE ? withoutUnit : { ...config, unit: value })}
          />
        </Well>
      )}
      {wells.bins !== undefined && (
        <>
          <Well title="Bars">
            <Select
              label="About how many bars"
              value={config.bins === undefined ? NONE : String(config.bins)}
              options={[
                { value: NONE, label: `about ${BINS}` },
                ...wells.bins.map((count) => ({ value: String(count), label: `about ${count}` })),
              ]}
              onChange={(value) =>
                onChange(value === NONE ? fittingBins : { ...config, bins: Number(value) })
              }
            />
          </Well>
          <label className="flex items-center gap-1.5 text-xs text-ink-2">
            <input
              type="checkbox"
              checked={config.cut === true}
              onChange={(event) => onChange(event.target.checked ? { ...config, cut: true } : uncut)}
              className="accent-(--accent)"
            />
            Without outliers
          </label>
        </>
      )}
      {wells.top !== undefined && (
        <Well title="Show">
          <Select
            label="How many of the largest"
            value={config.top === undefined ? NONE : String(config.top)}
            options={[
              { value: NONE, label: type === 'pie' ? `top ${MAX_SLICES - 1}` : 'all that fit' },
              ...wells.top.map((count) => ({ value: String(count), label: `top ${count}` })),
            ]}
            onChange={(value) => onChange(value === NONE ? withoutTop : { ...config, top: Number(value) })}
          />
        </Well>
      )}
      <div className="ml-auto flex items-center gap-1">
        {wells.log === true && (
          <IconButton
            icon={Ruler}
            label="Log scale"
            aria-pressed={config.scale === 'log'}
            onClick={() => onChange(config.scale === 'log' ? linear : { ...config, scale: 'log' })}
          />
        )}
        {children}
      </div>
    </div>
  );
}

/** No field is called so: fields have a "=" before their name here. */
const NONE = 'none';

interface WellProps {
  readonly title: string;
  readonly onDropField?: (field: string) => void;
  readonly children: ReactNode;
}

/** A place that takes a column which is dropped on it. */
function Well({ title, onDropField, children }: WellProps) {
  const [over, setOver] = useState(false);
  const takes = (event: DragEvent) =>
    onDropField !== undefined && event.dataTransfer.types.includes(FIELD_TYPE);
  return (
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- the list in it does the same by keyboard
    <div
      data-well={title}
      className={cn('flex min-w-0 items-center gap-2 rounded-md', over && 'outline-2 outline-accent')}
      onDragOver={(event) => {
        if (!takes(event)) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        setOver(false);
        if (!takes(event)) return;
        event.preventDefault();
        onDropField?.(event.dataTransfer.getData(FIELD_TYPE));
      }}
    >
      <span className="text-xs text-ink-3">{title}</span>
      {children}
    </div>
  );
}

function option(name: string) {
  return { value: name, label: name };
}
