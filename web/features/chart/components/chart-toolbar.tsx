import { ChartArea, ChartColumn, ChartLine, ChartPie, ChartScatter } from 'lucide-react';
import type { ReactNode } from 'react';
import type { ChartConfig } from '#shared/contract/notebooks.ts';
import { Segmented } from '#web/components/segmented.tsx';
import { Select } from '#web/components/select.tsx';
import type { ChartFields, ChartType } from '../model/chart-defaults.ts';
import { FieldMenu } from './field-menu.tsx';

const TYPES = [
  { value: 'bar', label: 'Bar', icon: ChartColumn },
  { value: 'line', label: 'Line', icon: ChartLine },
  { value: 'area', label: 'Area', icon: ChartArea },
  { value: 'scatter', label: 'Scatter', icon: ChartScatter },
  { value: 'pie', label: 'Pie', icon: ChartPie },
] as const satisfies readonly { value: ChartType; label: string; icon: unknown }[];

interface ChartToolbarProps {
  readonly config: ChartConfig;
  readonly fields: ChartFields;
  readonly onChange: (config: ChartConfig) => void;
}

export function ChartToolbar({ config, fields, onChange }: ChartToolbarProps) {
  const { series: _, ...withoutSeries } = config;
  const pie = config.type === 'pie';
  return (
    <div
      role="toolbar"
      aria-label="Chart"
      className="flex flex-wrap items-center gap-x-4 gap-y-2 border-b px-3 py-1.5"
    >
      <Segmented
        label="Chart type"
        value={config.type}
        options={TYPES}
        onChange={(type) => onChange({ ...config, type })}
      />
      <Field name={pie ? 'Slices' : 'X'}>
        <Select
          label={pie ? 'Field of the slices' : 'Field of the x axis'}
          value={config.x ?? ''}
          placeholder="Choose…"
          options={fields.x.map(option)}
          onChange={(x) => onChange({ ...(config.series === x ? withoutSeries : config), x })}
          className="max-w-48"
        />
      </Field>
      <Field name={pie ? 'Size' : 'Y'}>
        {pie ? (
          <Select
            label="Field of the sizes"
            value={config.y[0] ?? ''}
            options={fields.y.map(option)}
            onChange={(y) => onChange({ ...config, y: [y] })}
            className="max-w-48"
          />
        ) : (
          <FieldMenu
            label="Fields of the y axis"
            fields={fields.y}
            chosen={config.y}
            onChange={(y) => onChange({ ...config, y: [...y] })}
          />
        )}
      </Field>
      {!pie && (
        <Field name="Series">
          <Select
            label="Field of the series"
            value={config.series === undefined ? NONE : `=${config.series}`}
            options={[
              { value: NONE, label: 'None' },
              ...fields.series
                .filter((name) => name !== config.x)
                .map((name) => ({ value: `=${name}`, label: name })),
            ]}
            onChange={(value) =>
              onChange(value === NONE ? withoutSeries : { ...config, series: value.slice(1) })
            }
            className="max-w-48"
          />
        </Field>
      )}
    </div>
  );
}

/** No field is called so: fields have a "=" before their name here. */
const NONE = 'none';

function Field({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex min-w-0 items-center gap-2">
      <span className="text-xs text-ink-3">{name}</span>
      {children}
    </div>
  );
}

function option(name: string) {
  return { value: name, label: name };
}
