import { randomUUID } from 'node:crypto';
import type { JobInfo } from '#shared/contract/jobs.ts';
import { AppError, errorMessage } from '#shared/errors/app-error.ts';

type Listener = (job: JobInfo) => void;

const KEPT_FINISHED = 50;

/** A running job reports here; anyone may watch. Holds what this process ran, the newest first. */
export class JobBoard {
  private readonly jobs = new Map<string, JobInfo>();
  private readonly listeners = new Set<Listener>();

  list(): readonly JobInfo[] {
    return [...this.jobs.values()].reverse();
  }

  /** @throws NOT_FOUND */
  get(id: string): JobInfo {
    const job = this.jobs.get(id);
    if (job === undefined)
      throw new AppError('NOT_FOUND', `There is no job ${id}.`, { context: { job: id } });
    return job;
  }

  subscribe(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Runs work as a job: its progress, its end and its failure are shown. Rethrows what the work throws. */
  async run<T>(input: StartJob, work: (report: Report) => Promise<T>): Promise<T> {
    const id = randomUUID();
    this.put({ ...input, id, state: 'running', step: '', done: 0, startedAt: new Date().toISOString() });
    try {
      const result = await work((change) => this.put({ ...this.get(id), ...change }));
      this.put({ ...this.get(id), state: 'done', step: '', finishedAt: new Date().toISOString() });
      return result;
    } catch (error) {
      const finishedAt = new Date().toISOString();
      this.put({ ...this.get(id), state: 'failed', finishedAt, error: errorMessage(error) });
      throw error;
    } finally {
      this.forgetOldest();
    }
  }

  private put(job: JobInfo): void {
    this.jobs.set(job.id, job);
    for (const listener of this.listeners) listener(job);
  }

  private forgetOldest(): void {
    const finished = [...this.jobs.values()].filter((job) => job.state !== 'running');
    for (const job of finished.slice(0, Math.max(0, finished.length - KEPT_FINISHED)))
      this.jobs.delete(job.id);
  }
}

export type StartJob = Pick<JobInfo, 'kind' | 'title' | 'total' | 'unit'>;
export type Report = (change: Partial<Pick<JobInfo, 'step' | 'done' | 'total'>>) => void;
