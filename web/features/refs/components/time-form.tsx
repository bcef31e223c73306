import { useState } from 'react';
import { Button } from '#web/components/button.tsx';
import { DateTimeField } from '#web/components/date-time-field.tsx';
import { useNow } from '#web/lib/use-now.ts';
import { localDateTime } from '../model/local-date-time.ts';

interface TimeFormProps {
  readonly branch: string;
  readonly onTime: (time: Date) => void;
}

/** A point in time to read a branch at. Load it lazily: few travel by the clock. */
export default function TimeForm({ branch, onTime }: TimeFormProps) {
  const [text, setText] = useState(() => localDateTime(new Date()));
  const now = useNow();
  const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(text) ? new Date(text) : null;
  const ahead = time !== null && time.getTime() > now + SOON_MS;
  return (
    <form
      className="flex flex-col gap-2 p-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (time !== null && !ahead) onTime(time);
      }}
    >
      <p aria-hidden className="text-xs text-ink-2">
        Local date and time
      </p>
      <DateTimeField label="Local date and time" autoFocus value={text} onValue={setText} />
      <p aria-live="polite" className="text-xs text-ink-2">
        {time === null ? (
          'Give a full date and time.'
        ) : ahead ? (
          'This time is yet to come.'
        ) : (
          <>
            {branch} as it was at{' '}
            <span className="font-mono">{time.toISOString().slice(0, 19).replace('T', ' ')} UTC</span>
          </>
        )}
      </p>
      <Button look="primary" type="submit" disabled={time === null || ahead}>
        Go to this time
      </Button>
    </form>
  );
}

/** The clock of this page is drawn now and then only. */
const SOON_MS = 20_000;
