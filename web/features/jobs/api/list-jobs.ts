import { queryOptions, useQuery } from '@tanstack/react-query';
import { jobList, type JobInfo } from '#shared/contract/jobs.ts';
import { requestJson } from '#web/lib/api-client.ts';

async function listJobs(signal?: AbortSignal): Promise<readonly JobInfo[]> {
  return (await requestJson(jobList, 'jobs', { signal })).jobs;
}

/** Asked anew now and then for jobs that others start; a running job is followed by its events. */
export const jobsQuery = () =>
  queryOptions({ queryKey: ['jobs'], queryFn: ({ signal }) => listJobs(signal), refetchInterval: 15_000 });

export function useJobs() {
  return useQuery(jobsQuery());
}
