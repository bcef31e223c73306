import type {
  NotebookSchedule,
  ScheduledNotebook,
  ScheduleState,
} from '#shared/contract/notebook-history.ts';
import { nextRun } from '#shared/notebook/next-run.ts';
import { getNotebook } from './notebooks.ts';
import type { HistoryContext } from './revisions.ts';
import { runNotebook, type NotebookRunContext } from './run-notebook.ts';

/** @throws NOT_FOUND */
export async function getSchedule(ctx: HistoryContext, id: string): Promise<ScheduleState> {
  const found = await ctx.notebookHistory.schedule(id);
  if (found === null) await getNotebook(ctx, id);
  return stateOf(found?.schedule ?? null, found?.nextAt ?? null);
}

/**
 * @param schedule null ends it
 * @param paused keeps it, and runs nothing by it
 * @throws NOT_FOUND
 */
export async function setSchedule(
  ctx: HistoryContext,
  id: string,
  schedule: NotebookSchedule | null,
  paused = false,
): Promise<ScheduleState> {
  const nextAt = schedule === null || paused ? null : nextRun(schedule, new Date());
  if (!(await ctx.notebookHistory.setSchedule(id, schedule, nextAt))) await getNotebook(ctx, id);
  return stateOf(schedule, nextAt);
}

/** All notebooks that have a schedule, by title. */
export function listSchedules(ctx: HistoryContext): Promise<readonly ScheduledNotebook[]> {
  return ctx.notebookHistory.schedules();
}

/** A schedule without a next time is one that pauses. */
function stateOf(schedule: NotebookSchedule | null, nextAt: Date | null): ScheduleState {
  return { schedule, nextAt: nextAt?.toISOString() ?? null, paused: schedule !== null && nextAt === null };
}

/**
 * Runs the notebooks whose time has come, one after the other. A run that is missed while no server is up is made up
 * for once, however often it was missed.
 */
export async function runDueNotebooks(ctx: NotebookRunContext, now: Date): Promise<number> {
  let ran = 0;
  for (const { id, schedule, nextAt } of await ctx.notebookHistory.due(now)) {
    if (!(await ctx.notebookHistory.take(id, nextAt, nextRun(schedule, now)))) continue;
    ran += 1;
    await runNotebook(ctx, id, { ref: schedule.ref, trigger: 'schedule' }).catch((error: unknown) => {
      ctx.logger.error({ err: error, notebook: id }, 'a scheduled run of a notebook failed');
    });
  }
  return ran;
}
