import { useLayoutEffect, useRef, useState, type KeyboardEvent } from 'react';
import { cn } from '#web/lib/class-names.ts';
import { TextField } from './text-field.tsx';
import { isoTime, partAt, readTime, stepped, type TimePrecision } from './time-text.ts';

interface TimeFieldProps {
  /** Accessible name; it says the zone. */
  readonly label: string;
  /** `14:05`, or with seconds; null where there is none. */
  readonly value: string | null;
  readonly onValue: (value: string | null) => void;
  readonly precision?: TimePrecision;
  readonly className?: string;
}

/**
 * A time of day in hours of 24, whatever the browser's language: typed, or stepped by the arrow keys in the part where
 * the caret is. What is no time yet stays here, and is said.
 */
export function TimeField({ label, value, onValue, precision = 'minute', className }: TimeFieldProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const field = useRef<HTMLInputElement>(null);
  const selected = useRef<{ readonly start: number; readonly end: number } | null>(null);
  const shown = draft ?? value ?? '';
  const seconds = readTime(shown);
  const valid = shown === '' || seconds !== null;
  const whole = precision === 'minute' ? /^\d\d:\d\d$/ : /^\d\d:\d\d:\d\d$/;
  useLayoutEffect(() => {
    if (selected.current === null) return;
    field.current?.setSelectionRange(selected.current.start, selected.current.end);
    selected.current = null;
  });

  const give = (text: string | null) => {
    if (text !== value) onValue(text);
  };
  const onText = (text: string) => {
    setDraft(text);
    if (text.trim() === '') give(null);
    // Half a time may be one already, as `1` of `14:05`: it is taken as it is written out.
    else if (whole.test(text) && readTime(text) !== null) give(text);
  };
  const take = () => {
    setDraft(null);
    if (draft !== null && seconds !== null) give(isoTime(seconds, precision));
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    // In a form, Enter goes on to send it.
    if (event.key === 'Enter') take();
    const step = event.key === 'ArrowUp' ? 1 : event.key === 'ArrowDown' ? -1 : 0;
    if (step === 0 || seconds === null || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    const text = isoTime(seconds, precision);
    const part = partAt(text, event.currentTarget.selectionStart ?? 0);
    const next = isoTime(stepped(seconds, step * part.seconds), precision);
    selected.current = part;
    // What is stepped again before it was taken goes on from here.
    setDraft(next);
    give(next);
  };
  return (
    <TextField
      ref={field}
      aria-label={label}
      aria-invalid={!valid}
      inputMode="numeric"
      maxLength={11}
      placeholder={precision === 'minute' ? 'HH:MM' : 'HH:MM:SS'}
      title={valid ? undefined : 'This is no time. Hours of 24 first, as 14:05.'}
      value={shown}
      onChange={(event) => onText(event.target.value)}
      onKeyDown={onKeyDown}
      onBlur={take}
      className={cn('font-mono text-xs tabular-nums', precision === 'minute' ? 'w-18' : 'w-24', className)}
    />
  );
}
