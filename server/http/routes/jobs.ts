import { createRoute, z } from '@hono/zod-openapi';
import { streamSSE } from 'hono/streaming';
import { jobInfo, jobList } from '#shared/contract/jobs.ts';
import type { ServiceContext } from '../../services/context.ts';
import { answers, apiRouter } from './api.ts';

const tags = ['jobs'];
const params = z.object({ id: z.string() });
const KEEP_ALIVE_MS = 15_000;

const list = createRoute({ method: 'get', path: '/jobs', tags, responses: answers(jobList, 'Newest first') });
const get = createRoute({
  method: 'get',
  path: '/jobs/{id}',
  tags,
  request: { params },
  responses: answers(jobInfo, 'One job'),
});

/** `/jobs/{id}/events` sends the job as it is now, then each change, and ends when the job does. */
export function jobRoutes(ctx: ServiceContext) {
  return apiRouter()
    .openapi(list, (c) => c.json({ jobs: [...ctx.jobs.list()] }, 200))
    .openapi(get, (c) => c.json(ctx.jobs.get(c.req.valid('param').id), 200))
    .get('/jobs/:id/events', (c) => {
      const { id } = c.req.param();
      ctx.jobs.get(id);
      return streamSSE(c, async (stream) => {
        let wake = () => {};
        let changed = true;
        const unsubscribe = ctx.jobs.subscribe((job) => {
          if (job.id !== id) return;
          changed = true;
          wake();
        });
        stream.onAbort(() => {
          unsubscribe();
          wake();
        });
        while (!stream.aborted) {
          if (changed) {
            changed = false;
            const job = ctx.jobs.get(id);
            await stream.writeSSE({ event: 'job', data: JSON.stringify(job) });
            if (job.state !== 'running') break;
          } else {
            await stream.writeSSE({ event: 'ping', data: '' });
          }
          if (!changed) await nextChange((resume) => (wake = resume));
        }
        unsubscribe();
      });
    });
}

function nextChange(listen: (resume: () => void) => void): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, KEEP_ALIVE_MS);
    listen(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
