import { Check, Clock, Link2 } from 'lucide-react';
import { formatRefExpression } from '#shared/refs/ref-expression.ts';
import { Button } from '#web/components/button.tsx';
import { Popover } from '#web/components/popover.tsx';
import { cn } from '#web/lib/class-names.ts';
import { useCurrentRef } from '#web/lib/current-ref.ts';
import { useRefMoment } from '../model/use-ref-moment.ts';
import { LazyMomentPicker } from './lazy-moment-picker.tsx';

interface SnapshotPickerProps {
  /** Ref expression; undefined where the cell follows the notebook. */
  readonly value: string | undefined;
  readonly onChange: (value: string | undefined) => void;
  readonly cellName: string;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}

/** Where in history one cell reads. */
export function SnapshotPicker({ value, onChange, cellName, open, onOpenChange }: SnapshotPickerProps) {
  const current = useCurrentRef();
  const here = useRefMoment(current.expression);
  const own = useRefMoment(value ?? current.expression);
  const { branch } = own;
  // A commit's message says more than its branch, which the tooltip has.
  const text =
    value === undefined
      ? 'As the notebook'
      : own.hash === undefined
        ? `${own.name} · ${own.moment}`
        : own.moment;

  const choose = (next: string | undefined) => {
    onOpenChange(false);
    onChange(next);
  };
  return (
    <Popover
      label={`Snapshot of ${cellName}`}
      open={open}
      onOpenChange={onOpenChange}
      align="end"
      className="w-120"
      trigger={
        <Button
          look="quiet"
          small
          title={
            value === undefined
              ? `Reads ${here.name} · ${here.moment}, as the notebook does`
              : `Reads ${own.name}\n${own.exact ?? own.moment}`
          }
          aria-label={`Snapshot of ${cellName}: ${text}`}
          aria-keyshortcuts="Alt+S"
          className={cn(
            'max-w-80 min-w-0 shrink font-normal',
            value !== undefined && 'bg-past-soft font-medium text-past hover:bg-past-line/50 hover:text-past',
          )}
        >
          <Clock aria-hidden className="size-3.5 shrink-0" strokeWidth={1.75} />
          {/* What is so anyway need not be said where there is little room. */}
          <span className={cn('truncate', value === undefined && '@max-2xl:hidden')}>{text}</span>
          {own.hash !== undefined && value !== undefined && (
            <span className="shrink-0 font-mono font-normal">{own.hash}</span>
          )}
        </Button>
      }
    >
      <div className="border-b p-1">
        <button type="button" className="row w-full" onClick={() => choose(undefined)}>
          <Link2 aria-hidden className="size-4 shrink-0" strokeWidth={1.75} />
          <span className="flex-1">Follow the notebook</span>
          <span className="text-xs text-ink-3">
            {here.name} · {here.moment}
          </span>
          {value === undefined && (
            <Check role="img" aria-label="selected" className="size-4 text-accent-text" />
          )}
        </button>
      </div>
      <LazyMomentPicker
        branch={branch}
        selectedHash={value?.split('@')[1] ?? null}
        onCommit={(entry) => choose(formatRefExpression({ kind: 'commit', name: branch, hash: entry.hash }))}
        onTime={(time) => choose(formatRefExpression({ kind: 'time', name: branch, time }))}
      />
    </Popover>
  );
}
