import { createRoute, z } from '@hono/zod-openapi';
import {
  allRunsList,
  allRunsQuery,
  nameRevisionRequest,
  notebookRun,
  notebookRunList,
  restoreRequest,
  revision,
  revisionList,
  runNotebookRequest,
  scheduleList,
  scheduleState,
  setScheduleRequest,
} from '#shared/contract/notebook-history.ts';
import { notebook } from '#shared/contract/notebooks.ts';
import {
  getNotebookRun,
  getRevision,
  getSchedule,
  listAllRuns,
  listNotebookRuns,
  listRevisions,
  listSchedules,
  nameRevision,
  restoreRevision,
  runNotebook,
  setSchedule,
  type NotebookRunContext,
} from '../../services/notebooks/index.ts';
import { answers, apiRouter, body } from './api.ts';
import { by } from './said-of-commits.ts';

const tags = ['notebooks'];
const ofNotebook = z.object({ id: z.string() });
const ofVersion = ofNotebook.extend({ version: z.coerce.number().int().min(1) });
const ofRun = ofNotebook.extend({ run: z.string() });

const list = createRoute({
  method: 'get',
  path: '/notebooks/{id}/revisions',
  tags,
  request: { params: ofNotebook },
  responses: answers(revisionList, 'What the notebook was, newest first'),
});
const get = createRoute({
  method: 'get',
  path: '/notebooks/{id}/revisions/{version}',
  tags,
  request: { params: ofVersion },
  responses: answers(revision, 'The whole notebook as it was'),
});
const name = createRoute({
  method: 'put',
  path: '/notebooks/{id}/revisions/{version}',
  tags,
  description: 'Names a version: it is kept for good.',
  request: { params: ofVersion, body: body(nameRevisionRequest) },
  responses: answers(revisionList, 'What the notebook was, newest first'),
});
const restore = createRoute({
  method: 'post',
  path: '/notebooks/{id}/revisions/{version}/restore',
  tags,
  request: { params: ofVersion, body: body(restoreRequest) },
  responses: answers(notebook, 'The notebook as it was, as a new version'),
});
const schedule = createRoute({
  method: 'get',
  path: '/notebooks/{id}/schedule',
  tags,
  request: { params: ofNotebook },
  responses: answers(scheduleState, 'When it runs by itself'),
});
const reschedule = createRoute({
  method: 'put',
  path: '/notebooks/{id}/schedule',
  tags,
  request: { params: ofNotebook, body: body(setScheduleRequest) },
  responses: answers(scheduleState, 'When it runs by itself from now on'),
});
const runs = createRoute({
  method: 'get',
  path: '/notebooks/{id}/runs',
  tags,
  request: { params: ofNotebook },
  responses: answers(notebookRunList, 'Saved runs, newest first'),
});
const run = createRoute({
  method: 'post',
  path: '/notebooks/{id}/runs',
  tags,
  description: 'Runs the notebook on the server now, and saves what its cells came to.',
  request: { params: ofNotebook, body: body(runNotebookRequest) },
  responses: answers(notebookRun, 'The run, with the first rows of each answer'),
});
const oneRun = createRoute({
  method: 'get',
  path: '/notebooks/{id}/runs/{run}',
  tags,
  request: { params: ofRun },
  responses: answers(notebookRun, 'The run, with the first rows of each answer'),
});

const schedules = createRoute({
  method: 'get',
  path: '/notebook-schedules',
  tags,
  responses: answers(scheduleList, 'The notebooks that run by themselves'),
});
const allRuns = createRoute({
  method: 'get',
  path: '/notebook-runs',
  tags,
  request: { query: allRunsQuery },
  responses: answers(allRunsList, 'Saved runs of all notebooks, newest first'),
});

export function notebookHistoryRoutes(ctx: NotebookRunContext) {
  return apiRouter()
    .openapi(list, async (c) =>
      c.json({ revisions: [...(await listRevisions(ctx, c.req.valid('param').id))] }, 200),
    )
    .openapi(get, async (c) => {
      const { id, version } = c.req.valid('param');
      return c.json(await getRevision(ctx, id, version), 200);
    })
    .openapi(name, async (c) => {
      const { id, version } = c.req.valid('param');
      const revisions = await nameRevision(ctx, id, version, c.req.valid('json').name);
      return c.json({ revisions: [...revisions] }, 200);
    })
    .openapi(restore, async (c) => {
      const { id, version } = c.req.valid('param');
      return c.json(await restoreRevision(by(ctx, c), id, version, c.req.valid('json').version), 200);
    })
    .openapi(schedule, async (c) => c.json(await getSchedule(ctx, c.req.valid('param').id), 200))
    .openapi(reschedule, async (c) => {
      const { schedule: next, paused } = c.req.valid('json');
      return c.json(await setSchedule(ctx, c.req.valid('param').id, next, paused), 200);
    })
    .openapi(schedules, async (c) => c.json({ schedules: [...(await listSchedules(ctx))] }, 200))
    .openapi(allRuns, async (c) => c.json(await listAllRuns(ctx, c.req.valid('query')), 200))
    .openapi(runs, async (c) =>
      c.json({ runs: [...(await listNotebookRuns(ctx, c.req.valid('param').id))] }, 200),
    )
    .openapi(run, async (c) => {
      const { ref } = c.req.valid('json');
      return c.json(await runNotebook(ctx, c.req.valid('param').id, { ref, trigger: 'person' }), 200);
    })
    .openapi(oneRun, async (c) => {
      const { id, run: found } = c.req.valid('param');
      return c.json(await getNotebookRun(ctx, id, found), 200);
    });
}
