import { Link } from '@tanstack/react-router';
import { Pause, Play, RotateCw } from 'lucide-react';
import type { ScheduledNotebook } from '#shared/contract/notebook-history.ts';
import { errorMessage } from '#shared/errors/app-error.ts';
import { Badge } from '#web/components/badge.tsx';
import { Button } from '#web/components/button.tsx';
import { RelativeTime } from '#web/components/relative-time.tsx';
import { useToast } from '#web/components/toast.tsx';
import { usePauseSchedule, useRunNow } from '../api/schedules.ts';
import { scheduleText } from '../model/schedule-words.ts';
import { RunOutcome } from './run-outcome.tsx';

/** Which notebooks run by themselves, when, and how it went last. */
export function ScheduleTable({ schedules }: { schedules: readonly ScheduledNotebook[] }) {
  return (
    <table aria-label="Schedules" className="w-full table-fixed border-collapse">
      <thead>
        <tr className="h-8 border-b text-left text-xs text-ink-3 *:font-normal">
          <th scope="col" className="pl-4">
            Notebook
          </th>
          <th scope="col" className="w-56 pl-4">
            When
          </th>
          <th scope="col" className="w-32 pl-4">
            Next
          </th>
          <th scope="col" className="w-52 pl-4">
            Last run
          </th>
          <th scope="col" className="w-52 pr-4 pl-4">
            <span className="sr-only">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {schedules.map((each) => (
          <ScheduleRow key={each.notebook} each={each} />
        ))}
      </tbody>
    </table>
  );
}

function ScheduleRow({ each }: { each: ScheduledNotebook }) {
  const toast = useToast();
  const run = useRunNow();
  const pause = usePauseSchedule();
  const title = each.title === '' ? 'Untitled' : each.title;
  const failed = (what: string) => (error: unknown) =>
    toast({ title: what, description: errorMessage(error), tone: 'bad' });
  return (
    <tr className="h-10 border-b">
      <th scope="row" className="truncate pl-4 text-left font-normal" title={title}>
        <Link
          to="/notebooks/$id"
          params={{ id: each.notebook }}
          className="rounded-sm font-medium hover:underline"
        >
          {title}
        </Link>
        {each.folder !== undefined && <span className="pl-2 text-ink-3">{each.folder}</span>}
      </th>
      <td className="truncate pl-4 text-ink-2" title={`Reads ${each.schedule.ref}`}>
        {scheduleText(each.schedule)}
      </td>
      <td className="truncate pl-4 text-ink-2">
        {each.nextAt === null ? <Badge>Paused</Badge> : <RelativeTime time={each.nextAt} />}
      </td>
      <td className="truncate pl-4 text-ink-2">
        {each.last === undefined ? (
          <span className="text-ink-3">none yet</span>
        ) : (
          <span className="flex items-center gap-2">
            <RunOutcome run={each.last} />
            <RelativeTime time={each.last.startedAt} className="truncate" />
          </span>
        )}
      </td>
      <td className="pr-4 pl-4">
        <span className="flex justify-end gap-2">
          <Button
            small
            aria-label={`Run ${title} now`}
            disabled={run.isPending}
            onClick={() => run.mutate(each, { onError: failed('The notebook did not run.') })}
          >
            <RotateCw aria-hidden className="size-3.5" strokeWidth={1.75} />
            {run.isPending ? 'Runs…' : 'Run now'}
          </Button>
          <Button
            small
            aria-label={`${each.paused ? 'Resume' : 'Pause'} ${title}`}
            disabled={pause.isPending}
            onClick={() => pause.mutate(each, { onError: failed('The schedule was not changed.') })}
          >
            {each.paused ? (
              <Play aria-hidden className="size-3.5" strokeWidth={1.75} />
            ) : (
              <Pause aria-hidden className="size-3.5" strokeWidth={1.75} />
            )}
            {each.paused ? 'Resume' : 'Pause'}
          </Button>
        </span>
      </td>
    </tr>
  );
}
