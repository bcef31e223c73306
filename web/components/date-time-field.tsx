import { DateField } from './date-field.tsx';
import { TimeField } from './time-field.tsx';

interface DateTimeFieldProps {
  /** Accessible name of both together; it says the zone. */
  readonly label: string;
  /** `2024-02-29T14:05:00`, or what of it there is: `2024-02-29T`, `T14:05:00`. */
  readonly value: string;
  readonly onValue: (value: string) => void;
  readonly autoFocus?: boolean;
}

/** A date and a time of day to the second, as ISO writes them; neither is taken for granted by the other. */
export function DateTimeField({ label, value, onValue, autoFocus = false }: DateTimeFieldProps) {
  const [date = '', time = ''] = value.split('T');
  return (
    <div role="group" aria-label={label} className="flex items-center gap-2">
      <DateField
        label="Date"
        autoFocus={autoFocus}
        value={date === '' ? null : date}
        onValue={(next) => onValue(`${next ?? ''}T${time}`)}
      />
      <TimeField
        label="Time"
        precision="second"
        value={time === '' ? null : time}
        onValue={(next) => onValue(`${date}T${next ?? ''}`)}
      />
    </div>
  );
}
