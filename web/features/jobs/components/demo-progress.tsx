import { ProgressBar } from '#web/components/progress-bar.tsx';
import { useJobs } from '../api/list-jobs.ts';
import { jobFigures } from './jobs-status.tsx';

/** While the demo lakehouse builds: what is done, what is left, what it loads just now. Nothing once it is there. */
export function DemoProgress() {
  const jobs = useJobs().data ?? [];
  const job = jobs.find((each) => each.kind === 'demo-load' && each.state === 'running');
  if (job === undefined) return null;
  return (
    <section aria-label={job.title} className="border-b bg-accent-soft px-4 py-2">
      <div className="flex items-baseline gap-3">
        <p className="font-medium">{job.title}</p>
        <p className="min-w-0 flex-1 truncate text-ink-2" title={job.step}>
          {job.step}
        </p>
        <p className="shrink-0 text-xs text-ink-2">{jobFigures(job)}</p>
      </div>
      <ProgressBar
        label={job.title}
        done={job.done}
        total={job.total}
        valueText={jobFigures(job)}
        className="mt-1.5 bg-surface"
      />
    </section>
  );
}
