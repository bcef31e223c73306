import { Calendar } from 'lucide-react';
import { lazy, Suspense, useRef, useState, type KeyboardEvent } from 'react';
import { cn } from '#web/lib/class-names.ts';
import { clamp, isoDate, readDate } from './date-text.ts';
import { IconButton } from './icon-button.tsx';
import { Popover } from './popover.tsx';
import { Skeleton } from './skeleton.tsx';
import { TextField } from './text-field.tsx';

const DateCalendar = lazy(() => import('./date-calendar.tsx'));

interface DateFieldProps {
  /** Accessible name. */
  readonly label: string;
  /** `2024-02-29`; null where there is none. */
  readonly value: string | null;
  readonly onValue: (value: string | null) => void;
  readonly autoFocus?: boolean;
  readonly className?: string;
}

/**
 * A date as ISO writes it, whatever the browser's language: typed, stepped by the arrow keys, or chosen from a calendar
 * (Alt+↓). What is no date yet stays here, and is said.
 */
export function DateField({ label, value, onValue, autoFocus = false, className }: DateFieldProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const [open, setOpen] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const shown = draft ?? value ?? '';
  const days = readDate(shown);
  const valid = shown === '' || days !== null;

  const onText = (text: string) => {
    setDraft(text);
    if (text.trim() === '') onValue(null);
    // Half a date may be one already, as `2024-1-1` of `2024-1-12`: it is taken as it is written out.
    else if (/^\d{4}-\d\d-\d\d$/.test(text)) {
      const read = readDate(text);
      if (read !== null) onValue(isoDate(read));
    }
  };
  const take = () => {
    setDraft(null);
    if (draft !== null && days !== null && isoDate(days) !== value) onValue(isoDate(days));
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    const step = event.key === 'ArrowUp' ? 1 : event.key === 'ArrowDown' ? -1 : 0;
    if (event.altKey && event.key === 'ArrowDown') setOpen(true);
    else if (event.key === 'Enter') {
      take();
      // In a form, Enter goes on to send it.
      if (event.currentTarget.form !== null) return;
    } else if (step !== 0 && days !== null && !event.altKey && !event.ctrlKey && !event.metaKey) {
      setDraft(null);
      onValue(isoDate(clamp(days + step)));
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <span className={cn('relative inline-block w-40', className)}>
      <TextField
        ref={field}
        autoFocus={autoFocus}
        aria-label={label}
        aria-invalid={!valid}
        inputMode="numeric"
        maxLength={10}
        placeholder="YYYY-MM-DD"
        title={valid ? undefined : 'This is no date. Year first, as 2024-02-29.'}
        value={shown}
        onChange={(event) => onText(event.target.value)}
        onKeyDown={onKeyDown}
        onBlur={take}
        className="pr-7 font-mono text-xs tabular-nums"
      />
      <span className="absolute inset-y-0 right-0.5 flex items-center">
        <Popover
          label={`Calendar of ${label}`}
          align="end"
          open={open}
          onOpenChange={setOpen}
          trigger={<IconButton icon={Calendar} label={`Choose ${label}`} shortcut="Alt+ArrowDown" small />}
        >
          <Suspense fallback={<Skeleton className="m-2 h-65 w-49" />}>
            <DateCalendar
              value={days}
              onChoose={(chosen) => {
                setDraft(null);
                onValue(chosen === null ? null : isoDate(chosen));
                setOpen(false);
                field.current?.focus();
              }}
            />
          </Suspense>
        </Popover>
      </span>
    </span>
  );
}
