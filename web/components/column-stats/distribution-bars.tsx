import type { Distribution } from '#web/lib/relation/column-stats.ts';

interface DistributionBarsProps {
  readonly distribution: Distribution;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
}

/** How the values of a column lie, as bars on one base; the figures beside it say what it means. */
export function DistributionBars({ distribution, width, height }: DistributionBarsProps) {
  const counts = countsOf(distribution);
  const most = Math.max(1, ...counts);
  const step = width / counts.length;
  const gap = step > 4 ? 1 : 0;
  return (
    <svg aria-hidden width={width} height={height} className="block" data-distribution={distribution.kind}>
      {counts.map((count, at) => {
        // What is there at all is seen.
        const tall = count === 0 ? 0 : Math.max(1, (count / most) * height);
        return (
          <rect
            // oxlint-disable-next-line react/no-array-index-key -- a bar is its place
            key={at}
            x={at * step}
            y={height - tall}
            width={Math.max(1, step - gap)}
            height={tall}
            className={distribution.kind === 'range' ? 'fill-(--chart-1)' : 'fill-(--chart-3)'}
          />
        );
      })}
    </svg>
  );
}

function countsOf(distribution: Distribution): readonly number[] {
  return distribution.kind === 'range' ? distribution.counts : distribution.values.map(({ count }) => count);
}
