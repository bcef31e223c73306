import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { civilFromDays } from '#shared/iceberg/civil-date.ts';
import { cn } from '#web/lib/class-names.ts';
import { Button } from './button.tsx';
import {
  addMonths,
  longDate,
  MONTHS,
  moveInCalendar,
  today,
  WEEKDAYS,
  weekdayOf,
  weeksOfMonth,
} from './calendar-month.ts';
import { IconButton } from './icon-button.tsx';

interface DateCalendarProps {
  /** Days since 1970; null where none is chosen. */
  readonly value: number | null;
  readonly onChoose: (days: number | null) => void;
}

/** A month to choose a day of: arrows go by days and weeks, PageUp and PageDown by months, with Shift by years. Load it lazily. */
export default function DateCalendar({ value, onChoose }: DateCalendarProps) {
  const [current, setCurrent] = useState(value ?? today());
  const currentDay = useRef<HTMLButtonElement>(null);
  const focusDay = useRef(true);
  useEffect(() => {
    // The buttons that turn the month keep the focus, to be pressed again.
    if (focusDay.current) currentDay.current?.focus();
    focusDay.current = false;
  });
  const { year, month } = civilFromDays(current);
  const name = `${MONTHS[month - 1] ?? ''} ${year}`;
  const now = today();
  const turn = (months: number) => setCurrent(addMonths(current, months));
  const onKeyDown = (event: KeyboardEvent) => {
    const next = moveInCalendar(current, event.key, event.shiftKey);
    if (next === null || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    // Where it stays, nothing is drawn anew that would take the focus, and later it would take it from elsewhere.
    focusDay.current = next !== current;
    setCurrent(next);
  };
  return (
    <div className="p-2">
      <div className="flex items-center justify-between pb-1">
        <IconButton
          icon={ChevronLeft}
          label="Month before"
          shortcut="PageUp"
          small
          onClick={() => turn(-1)}
        />
        <p aria-live="polite" className="font-medium tabular-nums">
          {name}
        </p>
        <IconButton
          icon={ChevronRight}
          label="Next month"
          shortcut="PageDown"
          small
          onClick={() => turn(1)}
        />
      </div>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-to-interactive-role -- the pattern of a date grid */}
      <table role="grid" aria-label={name} className="border-collapse text-center tabular-nums">
        <thead>
          <tr>
            {WEEKDAYS.map((weekday) => (
              <th key={weekday} abbr={weekday} scope="col" className="size-7 text-xs font-normal text-ink-3">
                {weekday.slice(0, 2)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeksOfMonth(current).map((week) => (
            <tr key={week[0]}>
              {week.map((days) => {
                const date = civilFromDays(days);
                return (
                  <td key={days} aria-selected={days === value} className="p-0">
                    <button
                      ref={days === current ? currentDay : null}
                      type="button"
                      onKeyDown={onKeyDown}
                      tabIndex={days === current ? 0 : -1}
                      aria-label={`${WEEKDAYS[weekdayOf(days)] ?? ''}, ${longDate(days)}`}
                      aria-current={days === now ? 'date' : undefined}
                      onClick={() => onChoose(days)}
                      className={cn(
                        'size-7 rounded-sm hover:bg-hover focus-visible:outline-offset-1',
                        date.month !== month && 'text-ink-3',
                        days === now && 'font-semibold underline underline-offset-4',
                        days === value && 'bg-accent text-on-accent hover:bg-accent',
                      )}
                    >
                      {date.day}
                    </button>
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
      <div className="flex justify-between border-t pt-2">
        <Button small look="quiet" onClick={() => onChoose(now)}>
          Today
        </Button>
        <Button small look="quiet" disabled={value === null} onClick={() => onChoose(null)}>
          No date
        </Button>
      </div>
    </div>
  );
}
