import { useId, useState } from 'react';
import type { LogEntry } from '#shared/contract/refs.ts';
import { Button } from '#web/components/button.tsx';
import { Segmented } from '#web/components/segmented.tsx';
import { TextField } from '#web/components/text-field.tsx';
import { localDateTime } from '../model/local-date-time.ts';
import { CommitList } from './commit-list.tsx';

interface MomentPickerProps {
  readonly branch: string;
  readonly selectedHash: string | null;
  readonly onCommit: (entry: LogEntry) => void;
  readonly onTime: (time: Date) => void;
}

/** A place in the history of a branch: one of its commits, or a point in time. */
export function MomentPicker({ branch, selectedHash, onCommit, onTime }: MomentPickerProps) {
  const [by, setBy] = useState<'commit' | 'time'>('commit');
  return (
    <div>
      <div className="flex items-center justify-between border-b px-3 py-2">
        <p className="min-w-0 truncate font-medium">History of {branch}</p>
        <Segmented
          label="Choose by"
          value={by}
          onChange={setBy}
          options={[
            { value: 'commit', label: 'Commit' },
            { value: 'time', label: 'Date and time' },
          ]}
        />
      </div>
      {by === 'commit' ? (
        <CommitList branch={branch} selectedHash={selectedHash} onChoose={onCommit} />
      ) : (
        <TimeForm branch={branch} onTime={onTime} />
      )}
    </div>
  );
}

function TimeForm({ branch, onTime }: Pick<MomentPickerProps, 'branch' | 'onTime'>) {
  const fieldId = useId();
  const [now] = useState(() => localDateTime(new Date()));
  const [text, setText] = useState(now);
  const time = new Date(text);
  const valid = !Number.isNaN(time.getTime());
  return (
    <form
      className="flex flex-col gap-2 p-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (valid) onTime(time);
      }}
    >
      <label htmlFor={fieldId} className="text-xs text-ink-2">
        Local date and time
      </label>
      <TextField
        id={fieldId}
        autoFocus
        type="datetime-local"
        step={1}
        value={text}
        max={now}
        onChange={(event) => setText(event.target.value)}
      />
      <p className="text-xs text-ink-2">
        {valid ? (
          <>
            {branch} as it was at{' '}
            <span className="font-mono">{time.toISOString().slice(0, 19).replace('T', ' ')} UTC</span>
          </>
        ) : (
          'Give a full date and time.'
        )}
      </p>
      <Button look="primary" type="submit" disabled={!valid}>
        Go to this time
      </Button>
    </form>
  );
}
