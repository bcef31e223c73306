import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { NotebookSchedule } from '#shared/contract/notebook-history.ts';
import { errorMessage } from '#shared/errors/app-error.ts';
import { Badge } from '#web/components/badge.tsx';
import { Button } from '#web/components/button.tsx';
import { Dialog } from '#web/components/dialog.tsx';
import { RelativeTime } from '#web/components/relative-time.tsx';
import { SavedResults } from '#web/components/saved-results.tsx';
import { Select } from '#web/components/select.tsx';
import { TimeField } from '#web/components/time-field.tsx';
import { useToast } from '#web/components/toast.tsx';
import { formatInstant } from '#web/lib/format/instants.ts';
import {
  runNotebook,
  runsQuery,
  scheduleQuery,
  setSchedule,
  useRuns,
  useSavedRun,
  useSchedule,
} from '../api/notebook-history.ts';

interface ScheduleDialogProps {
  readonly id: string;
  readonly notebookRef: string;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly returnTo: () => HTMLElement | null;
}

/** When the server runs the notebook by itself, and what its runs came to. */
export function ScheduleDialog({ id, notebookRef, open, onOpenChange, returnTo }: ScheduleDialogProps) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      returnTo={returnTo}
      title="Runs on the server"
      description="The server runs the cells, each after what it reads, and keeps what they came to. Statements that change tables are left out."
      className="w-[760px]"
    >
      {open && <Body id={id} notebookRef={notebookRef} />}
    </Dialog>
  );
}

const EVERY = [
  { value: 'never', label: 'Never' },
  { value: 'hour', label: 'Every hour' },
  { value: 'day', label: 'Every day' },
  { value: 'week', label: 'Every week' },
] as const;
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

function Body({ id, notebookRef }: Pick<ScheduleDialogProps, 'id' | 'notebookRef'>) {
  const client = useQueryClient();
  const toast = useToast();
  const state = useSchedule(id);
  const runs = useRuns(id);
  const [shown, show] = useState<string | null>(null);
  const [running, setRunning] = useState(false);
  const schedule = state.data?.schedule ?? null;
  const orSay = (title: string, work: Promise<unknown>) =>
    void work.catch((error: unknown) => toast({ title, description: errorMessage(error), tone: 'bad' }));
  const change = (next: NotebookSchedule | null) =>
    orSay(
      'The schedule was not changed.',
      setSchedule(id, next).then((saved) => client.setQueryData(scheduleQuery(id).queryKey, saved)),
    );
  const runNow = async () => {
    setRunning(true);
    try {
      const run = await runNotebook(id, notebookRef);
      await client.invalidateQueries({ queryKey: runsQuery(id).queryKey });
      show(run.id);
    } finally {
      setRunning(false);
    }
  };
  const fresh: NotebookSchedule = { every: 'day', minute: 0, hour: 6, weekday: 1, ref: notebookRef };
  return (
    <>
      <div className="flex flex-wrap items-center gap-2">
        <Select
          label="How often"
          value={schedule?.every ?? 'never'}
          options={EVERY}
          onChange={(every) => change(every === 'never' ? null : { ...(schedule ?? fresh), every })}
          className="w-36"
        />
        {schedule?.every === 'week' && (
          <Select
            label="Day of the week"
            value={String(schedule.weekday)}
            options={DAYS.map((label, value) => ({ value: String(value), label }))}
            onChange={(day) => change({ ...schedule, weekday: Number(day) })}
          />
        )}
        {schedule !== null && (
          <TimeField
            label="Time, UTC"
            value={`${two(schedule.hour)}:${two(schedule.minute)}`}
            onValue={(time) => {
              if (time === null) return;
              const [hour = 0, minute = 0] = time.split(':').map(Number);
              change({ ...schedule, hour, minute });
            }}
          />
        )}
        {schedule !== null && <span className="text-ink-3">UTC, on {schedule.ref}</span>}
        <Button
          className="ml-auto"
          disabled={running}
          onClick={() => orSay('The notebook did not run.', runNow())}
        >
          {running ? 'Runs…' : 'Run on the server now'}
        </Button>
      </div>
      {state.data?.paused === true && (
        <p className="mt-2 text-xs text-ink-2">It pauses. Queries › Scheduled runs lets it go on.</p>
      )}
      {state.data?.nextAt !== null && state.data !== undefined && (
        <p className="mt-2 text-xs text-ink-2">Next: {formatInstant(state.data.nextAt)}</p>
      )}
      <ul aria-label="Saved runs" className="mt-4 border-t pt-2">
        {runs.data?.length === 0 && <li className="text-ink-3">No run is saved yet.</li>}
        {runs.data?.map((run) => (
          <li key={run.id}>
            <button
              type="button"
              aria-expanded={shown === run.id}
              onClick={() => show(shown === run.id ? null : run.id)}
              className="row w-full"
            >
              <RelativeTime time={run.startedAt} />
              <span className="text-ink-3">{run.trigger === 'schedule' ? 'by schedule' : 'by hand'}</span>
              <span className="ml-auto text-xs text-ink-2">
                {run.cells} cells on {run.ref}
              </span>
              <Badge tone={run.failed === 0 ? 'good' : 'bad'}>
                {run.failed === 0 ? 'Done' : `${run.failed} failed`}
              </Badge>
            </button>
            {shown === run.id && <Results id={id} run={run.id} />}
          </li>
        ))}
      </ul>
    </>
  );
}

function Results({ id, run }: { id: string; run: string }) {
  const saved = useSavedRun(id, run);
  return <SavedResults results={saved.data?.results} />;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
