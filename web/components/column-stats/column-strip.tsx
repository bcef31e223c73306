import { RotateCw } from 'lucide-react';
import { memo } from 'react';
import { formatCompact, formatInteger } from '#web/lib/format/numbers.ts';
import type { ColumnStats } from '#web/lib/relation/column-stats.ts';
import { Skeleton } from '../skeleton.tsx';
import { DistributionBars } from './distribution-bars.tsx';

/** Pixels that a header leaves for it. */
export const STRIP_HEIGHT = 48;
const BARS_HEIGHT = 24;

interface ColumnStripProps {
  readonly stats: ColumnStats | 'failed' | undefined;
  /** Pixels of the column. */
  readonly width: number;
  /** Asks again for what failed. Keep the function's identity. */
  readonly onRetry?: (() => void) | undefined;
}

/** A column in one look, under its name: how its values lie, and how many are missing or different. */
export const ColumnStrip = memo(function ColumnStrip({ stats, width, onRetry }: ColumnStripProps) {
  const room = Math.max(20, width - 16);
  if (stats === undefined)
    return (
      <div className="flex h-full flex-col justify-between px-1 py-1">
        <Skeleton className="h-5" />
        <Skeleton className="h-2.5 w-2/3" />
      </div>
    );
  if (stats === 'failed')
    return (
      <p className="flex items-center gap-1 px-1 text-xs text-ink-3">
        <span className="truncate">No figures</span>
        {onRetry !== undefined && (
          <button
            type="button"
            // By keys it is in the column's menu, as all that a header has.
            tabIndex={-1}
            aria-label="Ask for the figures again"
            title="The engine gave none. Ask again"
            // The header would take the press for a selection.
            onPointerDown={(event) => event.stopPropagation()}
            onDoubleClick={(event) => event.stopPropagation()}
            onClick={onRetry}
            className="flex size-5 shrink-0 items-center justify-center rounded-sm hover:bg-hover hover:text-ink"
          >
            <RotateCw aria-hidden className="size-3" strokeWidth={2} />
          </button>
        )}
      </p>
    );
  return (
    <div className="flex h-full flex-col justify-between px-1" title={describeStats(stats)}>
      <div style={{ height: BARS_HEIGHT }}>
        {stats.distribution === null ? (
          <p className="truncate pt-1 text-xs text-ink-2">{distinctText(stats)}</p>
        ) : (
          <DistributionBars distribution={stats.distribution} width={room} height={BARS_HEIGHT} />
        )}
      </div>
      <p className="truncate text-xs leading-4 text-ink-3">{nullText(stats)}</p>
    </div>
  );
});

export function nullText({ nulls, rows }: ColumnStats): string {
  if (rows === 0) return 'no rows';
  if (nulls === 0) return 'no NULL';
  return nulls === rows ? 'all NULL' : `${share(nulls, rows)} NULL`;
}

function distinctText({ distinct, nulls, rows }: ColumnStats): string {
  if (distinct === null || nulls === rows) return '';
  return distinct >= rows - nulls ? 'all different' : `≈ ${formatCompact(distinct)} values`;
}

/** What is there is never 0 %, and what is not all is never 100 %. */
export function share(part: number, whole: number): string {
  const percent = (part / whole) * 100;
  if (part > 0 && percent < 0.1) return '<0.1 %';
  if (part < whole && percent > 99.9) return '>99.9 %';
  return `${percent >= 10 || Number.isInteger(percent) ? Math.round(percent) : percent.toFixed(1)} %`;
}

function describeStats(stats: ColumnStats): string {
  const { rows, nulls, distinct, min, max } = stats;
  return [
    `${formatInteger(rows)} rows, ${formatInteger(nulls)} NULL`,
    ...(distinct === null ? [] : [`about ${formatInteger(distinct)} different values`]),
    ...(min === null ? [] : [`from ${min} to ${max}`]),
  ].join('\n');
}
