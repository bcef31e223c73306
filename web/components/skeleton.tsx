import { cn } from '#web/lib/class-names.ts';

/** A block with the shape of what comes; give it that shape by className. Silent to assistive technology. */
export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden className={cn('animate-pulse rounded-sm bg-line', className)} />;
}

/** Rows of a tree or list that is on its way. */
export function SkeletonRows({ count, className }: { count: number; className?: string }) {
  return (
    <div className={className}>
      <div aria-hidden>
        {Array.from({ length: count }, (_, row) => (
          <div key={row} className="flex h-7 items-center px-2">
            <Skeleton className={cn('h-3', ['w-32', 'w-24', 'w-40', 'w-28'][row % 4])} />
          </div>
        ))}
      </div>
      <StillWaiting className="px-2" />
    </div>
  );
}

interface SkeletonTableProps {
  readonly rows: number;
  /** Beside the first, which takes what the others leave. */
  readonly columns: number;
  /** Of a row with its line; a table's head has 32 pixels. */
  readonly rowHeight?: 28 | 32 | 40;
}

/** Head and rows of a table that is on its way, as high as they will be, so that nothing moves when they come. */
export function SkeletonTable({ rows, columns, rowHeight = 28 }: SkeletonTableProps) {
  const others = Array.from({ length: columns }, (_, column) => column);
  return (
    <div>
      <div aria-hidden>
        {Array.from({ length: rows + 1 }, (_, row) => (
          <div
            key={row}
            className="flex items-center gap-8 border-b px-4"
            style={{ height: row === 0 ? 32 : rowHeight }}
          >
            <div className="flex-1">
              <Skeleton
                className={row === 0 ? 'h-2.5 w-14' : cn('h-3', ['w-48', 'w-36', 'w-56', 'w-44'][row % 4])}
              />
            </div>
            {others.map((column) => (
              <div key={column} className="w-24">
                <Skeleton className={row === 0 ? 'h-2.5 w-10' : 'h-3 w-16'} />
              </div>
            ))}
          </div>
        ))}
      </div>
      <StillWaiting className="px-4" />
    </div>
  );
}

/** Under a skeleton: seen once it has stood for some seconds, so that nobody wonders whether the page hangs. */
export function StillWaiting({ className }: { className?: string }) {
  return <p className={cn('still-waiting py-2 text-ink-3', className)}>Waiting for the server…</p>;
}
