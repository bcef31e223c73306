import { cn } from '#web/lib/class-names.ts';

/** A block with the shape of what comes; give it that shape by className. Silent to assistive technology. */
export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden className={cn('animate-pulse rounded-sm bg-line', className)} />;
}

/** Rows of a tree or list that is on its way. */
export function SkeletonRows({ count, className }: { count: number; className?: string }) {
  return (
    <div aria-hidden className={className}>
      {Array.from({ length: count }, (_, row) => (
        <div key={row} className="flex h-7 items-center px-2">
          <Skeleton className={cn('h-3', ['w-32', 'w-24', 'w-40', 'w-28'][row % 4])} />
        </div>
      ))}
    </div>
  );
}
