import { formatFloat } from '#web/lib/format/numbers.ts';
import { formatTimestamp } from '#web/lib/format/temporal.ts';
import type { ChartPlace } from '../model/chart-data.ts';
import { formatMeasure, type ChartView } from '../model/chart-view.ts';

/** The colour of a series, or of a place where places are what is coloured. */
type Colour = (series: number, place: ChartPlace) => string | undefined;

interface ChartTooltipProps {
  readonly view: ChartView;
  readonly colour: Colour;
  readonly place: ChartPlace;
}

/** The values at one place, as their columns would show them. */
function ChartTooltip({ view, colour, place }: ChartTooltipProps) {
  return (
    <div className="max-w-80 rounded-md bg-raised px-2.5 py-1.5 text-xs shadow-float">
      <p className="mb-1 truncate text-ink-2">{placeName(view, place)}</p>
      <ul>
        {view.series.map((series, at) => {
          const value = place.values[at];
          if (value === undefined) return null;
          return (
            <li key={series.name} className="flex items-center gap-2">
              <span
                aria-hidden
                className="size-2 shrink-0 rounded-full"
                style={{ background: colour(at, place) }}
              />
              <span className="max-w-44 min-w-0 flex-1 truncate">{series.name}</span>
              <span className="pl-3 font-mono">{value === null ? 'NULL' : formatMeasure(value, series)}</span>
            </li>
          );
        })}
      </ul>
    </div>
  );
}

/** For Recharts' Tooltip. */
export function tooltipContent(view: ChartView, colour: Colour) {
  return ({ active, payload }: { active: boolean; payload: readonly { readonly payload?: unknown }[] }) => {
    const place = payload[0]?.payload as ChartPlace | undefined;
    return active && place ? <ChartTooltip view={view} colour={colour} place={place} /> : null;
  };
}

function placeName(view: ChartView, place: ChartPlace): string {
  if (view.axis === 'category') return place.label;
  if (view.axis === 'time')
    return formatTimestamp(BigInt(Math.round(place.x * 1000))).replace(/ 00:00:00$/, '');
  return `${view.xName} ${formatFloat(place.x)}`;
}
