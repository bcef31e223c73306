import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { jobInfo, type JobInfo } from '#shared/contract/jobs.ts';
import { parseJson } from '#shared/util/json.ts';
import { jobsQuery, useJobs } from './list-jobs.ts';

/**
 * Keeps the running jobs up to date by their server-sent events.
 * @param onStep called when a job has got further by a step, and when it ends: what it made is there to be read
 */
export function useFollowJobs(onStep: (job: JobInfo) => void): readonly JobInfo[] {
  const client = useQueryClient();
  const jobs = useJobs().data ?? [];
  const running = jobs
    .filter((job) => job.state === 'running')
    .map((job) => job.id)
    .join(' ');

  useEffect(() => {
    if (running === '') return;
    const sources = running.split(' ').map((id) => {
      const source = new EventSource(`/api/v1/jobs/${encodeURIComponent(id)}/events`);
      let step = '';
      const onEvent = (event: MessageEvent<string>) => {
        const parsed = jobInfo.safeParse(parseJson(event.data));
        if (!parsed.success) return;
        const job = parsed.data;
        client.setQueryData(jobsQuery().queryKey, (list) =>
          list?.map((each) => (each.id === id ? job : each)),
        );
        if (job.step !== step || job.state !== 'running') onStep(job);
        step = job.step;
        if (job.state !== 'running') source.close();
      };
      source.addEventListener('job', onEvent);
      return source;
    });
    return () => {
      for (const source of sources) source.close();
    };
  }, [client, running, onStep]);

  return jobs;
}
