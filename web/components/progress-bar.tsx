import { cn } from '#web/lib/class-names.ts';

interface ProgressBarProps {
  readonly label: string;
  readonly done: number;
  /** Zero while it is not known: the bar then moves without a measure. */
  readonly total: number;
  /** For people: "3 of 12 files". */
  readonly valueText?: string;
  readonly className?: string;
}

export function ProgressBar({ label, done, total, valueText, className }: ProgressBarProps) {
  const measured = total > 0;
  const share = measured ? Math.min(1, done / total) : 0;
  return (
    <div className={cn('relative h-1 overflow-hidden rounded-full bg-line', className)}>
      <progress
        aria-label={label}
        aria-valuetext={valueText}
        className="sr-only"
        max={1}
        value={measured ? share : undefined}
      />
      <div
        aria-hidden
        className={cn(
          'h-full rounded-full bg-accent',
          // What is waited for may want every core: by transforms, which take no layout, and where there is a measure with
          // no transition, which would have the page drawn again in each frame. What is over soon needs no movement.
          !measured && 'w-2/5 animate-[slide_1.2s_ease-in-out_700ms_infinite]',
        )}
        style={measured ? { transform: `translateX(${(share - 1) * 100}%)` } : undefined}
      />
    </div>
  );
}
