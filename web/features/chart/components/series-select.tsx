import { Select } from '#web/components/select.tsx';
import { MOST_CHOICES, type SeriesChoice } from '../model/shown-series.ts';

interface SeriesSelectProps {
  /** The column that names them. */
  readonly column: string;
  readonly choice: Extract<SeriesChoice, { kind: 'one' }>;
  /** Absent where nothing can be chosen: what is shown is said only. */
  readonly onChange?: ((value: string) => void) | undefined;
}

/** Which of several things a chart shows, over it. */
export function SeriesSelect({ column, choice, onChange }: SeriesSelectProps) {
  const { choices, shown, more } = choice;
  return (
    <div className="flex min-w-0 items-center gap-2 px-3 pt-2">
      <span className="truncate text-xs text-ink-3">{column}</span>
      {onChange === undefined ? (
        <span className="truncate font-medium">{named(shown)}</span>
      ) : (
        <Select
          label={`Shown of ${column}`}
          // No value of a list may be empty.
          value={`=${shown}`}
          options={choices.map(({ value }) => ({ value: `=${value}`, label: named(value) }))}
          onChange={(value) => onChange(value.slice(1))}
          className="max-w-56"
        />
      )}
      {more && onChange !== undefined && (
        <span className="text-xs text-ink-3">
          The {MOST_CHOICES} with the most rows; filter the rows for others.
        </span>
      )}
    </div>
  );
}

function named(value: string): string {
  return value.trim() === '' ? `“${value}”` : value;
}
