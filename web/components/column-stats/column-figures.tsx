import type { ReactNode } from 'react';
import { formatDecimal, formatFloat, formatInteger } from '#web/lib/format/numbers.ts';
import { formatTimestamp } from '#web/lib/format/temporal.ts';
import type { ColumnStats, Distribution } from '#web/lib/relation/column-stats.ts';
import { Button } from '../button.tsx';
import { Skeleton } from '../skeleton.tsx';
import { share } from './column-strip.tsx';
import { DistributionBars } from './distribution-bars.tsx';

interface ColumnFiguresProps {
  readonly stats: ColumnStats | 'failed' | undefined;
  /** Pixels. */
  readonly width: number;
  /** Asks again for what failed. */
  readonly onRetry?: (() => void) | undefined;
}

/** All that is known of a column. */
export function ColumnFigures({ stats, width, onRetry }: ColumnFiguresProps) {
  if (stats === undefined)
    return (
      <div className="flex flex-col gap-2" aria-busy>
        <Skeleton className="h-12" />
        <Skeleton className="h-4 w-2/3" />
        <Skeleton className="h-4 w-1/2" />
      </div>
    );
  if (stats === 'failed')
    return (
      <div className="flex items-center justify-between gap-2 text-ink-3">
        <p>The engine gave no figures of it.</p>
        {onRetry !== undefined && (
          <Button small onClick={onRetry}>
            Ask again
          </Button>
        )}
      </div>
    );
  const { rows, nulls, distinct, min, max, mean, boundless, distribution } = stats;
  // Texts that look like numbers stay as they are.
  const extreme = (text: string) => (mean === null && boundless === 0 ? text : numberText(text));
  return (
    <div className="flex flex-col gap-2">
      {distribution?.kind === 'range' && (
        <div>
          <DistributionBars distribution={distribution} width={width} height={48} />
          <p className="flex justify-between gap-2 pt-0.5 font-mono text-xs text-ink-3">
            <span className="truncate">{edge(distribution, 'from')}</span>
            <span className="truncate">{edge(distribution, 'to')}</span>
          </p>
        </div>
      )}
      <dl className="grid grid-cols-[auto_1fr] gap-x-3 gap-y-0.5 text-xs">
        <Figure name="Rows">{formatInteger(rows)}</Figure>
        <Figure name="NULL">
          {formatInteger(nulls)}
          {rows > 0 && <span className="text-ink-3"> · {share(nulls, rows)}</span>}
        </Figure>
        {distinct !== null && (
          <Figure name="Distinct">
            <span title="Estimated by the engine (HyperLogLog), within some per cent">
              ≈ {formatInteger(distinct)}
            </span>
          </Figure>
        )}
        {min !== null && <Figure name="Min">{extreme(min)}</Figure>}
        {max !== null && <Figure name="Max">{extreme(max)}</Figure>}
        {mean !== null && (
          <Figure name={boundless === 0 ? 'Mean' : 'Mean of the others'}>{meanText(mean)}</Figure>
        )}
        {boundless > 0 && <Figure name="NaN or infinite">{formatInteger(boundless)}</Figure>}
      </dl>
    </div>
  );
}

/** A number in DuckDB's words, as the grid writes it. */
function numberText(text: string): string {
  if (/^-?\d+(?:\.\d+)?$/.test(text)) return formatDecimal(text);
  const value = Number(text.replace(/inf$/, 'Infinity'));
  return Number.isNaN(value) && text !== 'nan' ? text : formatFloat(value);
}

/** A mean has more digits than it means. */
export function meanText(mean: number): string {
  return formatFloat(Number(mean.toPrecision(6)));
}

function Figure({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-ink-3">{name}</dt>
      <dd className="truncate text-right font-mono tabular-nums">{children}</dd>
    </>
  );
}

function edge(distribution: Extract<Distribution, { kind: 'range' }>, end: 'from' | 'to'): string {
  const value = distribution[end];
  if (distribution.axis === 'number') return formatFloat(value);
  return formatTimestamp(BigInt(Math.round(value))).replace(/ 00:00:00$/, '');
}
