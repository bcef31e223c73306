import { CircleAlert } from 'lucide-react';
import type { JobInfo } from '#shared/contract/jobs.ts';
import { Badge } from '#web/components/badge.tsx';
import { Button } from '#web/components/button.tsx';
import { Popover } from '#web/components/popover.tsx';
import { ProgressBar } from '#web/components/progress-bar.tsx';
import { formatDuration } from '#web/lib/format/durations.ts';
import { exactInstant } from '#web/lib/format/instants.ts';
import { formatInteger } from '#web/lib/format/numbers.ts';
import { useJobs } from '../api/list-jobs.ts';

/** The job that runs just now, if one does; opens the list. */
export function JobsStatus() {
  const jobs = useJobs().data ?? [];
  const running = jobs.filter((job) => job.state === 'running');
  const failed = jobs.filter((job) => job.state === 'failed');
  const first = running[0];
  if (jobs.length === 0) return null;
  return (
    <Popover
      label="Jobs"
      side="top"
      align="end"
      className="max-h-96 w-96 overflow-y-auto p-3"
      trigger={
        <Button look="quiet" small className="h-5 px-1.5 font-normal">
          {first !== undefined ? (
            <>
              <ProgressBar label={first.title} done={first.done} total={first.total} className="w-16" />
              <span className="max-w-60 truncate">{first.title}</span>
              {running.length > 1 && <span>+{running.length - 1}</span>}
            </>
          ) : failed.length > 0 ? (
            <>
              <CircleAlert aria-hidden className="size-3.5 text-bad" />
              {failed.length === 1 ? 'A job failed' : `${failed.length} jobs failed`}
            </>
          ) : (
            'Jobs'
          )}
        </Button>
      }
    >
      <p className="mb-2 font-medium">Jobs</p>
      <ul className="flex flex-col gap-3">
        {jobs.map((job) => (
          <JobRow key={job.id} job={job} />
        ))}
      </ul>
    </Popover>
  );
}

export function JobRow({ job }: { job: JobInfo }) {
  return (
    <li className="flex flex-col gap-1">
      <span className="flex items-center gap-2">
        <span
          className="min-w-0 flex-1 truncate"
          title={`${job.title}\nStarted ${exactInstant(job.startedAt)}`}
        >
          {job.title}
        </span>
        {job.state === 'done' && <Badge tone="good">Done</Badge>}
        {job.state === 'failed' && <Badge tone="bad">Failed</Badge>}
      </span>
      {job.state === 'running' && <ProgressBar label={job.title} done={job.done} total={job.total} />}
      <span className="flex justify-between gap-4 text-xs text-ink-3">
        <span className="min-w-0 truncate" title={job.error ?? job.step}>
          {job.error ?? job.step}
        </span>
        <span className="shrink-0">{jobFigures(job)}</span>
      </span>
    </li>
  );
}

/** "3 of 13 loads", or how long it took. */
export function jobFigures(job: JobInfo): string {
  if (job.state === 'running') return `${formatInteger(job.done)} of ${formatInteger(job.total)} ${job.unit}`;
  if (job.finishedAt === undefined) return '';
  return formatDuration(Date.parse(job.finishedAt) - Date.parse(job.startedAt));
}
