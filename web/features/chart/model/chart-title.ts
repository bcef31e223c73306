import type { ChartConfig } from '#shared/contract/notebooks.ts';
import { AGGREGATE_WORDS } from './chart-query.ts';

/** What a chart is called where nobody has given it a name: "mean of delay by month of date and origin". */
export function titleOf(config: ChartConfig): string {
  const { type, x, y, aggregate, unit, only } = config;
  if (type === 'histogram') return x === undefined ? 'Distribution' : `Distribution of ${x}`;
  if (type === 'map') return 'Map of points';
  const word = type === 'box' || type === 'candlestick' || type === 'scatter' ? undefined : aggregate;
  const measured =
    y.length === 0 ? ['rows'] : y.map((name) => (word ? `${AGGREGATE_WORDS[word]} of ${name}` : name));
  const place = x === undefined || unit === undefined ? x : `${unit} of ${x}`;
  // Of several things one is shown, which has a name of its own.
  const series = only === undefined ? config.series : undefined;
  const by = [place, type === 'pie' || type === 'box' ? undefined : series].filter(
    (part) => part !== undefined,
  );
  const what = `${measured.join(', ')}${only === undefined ? '' : ` of ${only}`}`;
  return [what, by.join(' and ')].filter((part) => part !== '').join(' by ');
}
