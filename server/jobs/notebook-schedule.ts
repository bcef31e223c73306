import { runDueNotebooks, type NotebookRunContext } from '../services/notebooks/index.ts';

const LOOK_EVERY_MS = 20_000;

/** Runs notebooks when their time has come, until the returned function is called and what runs has ended. */
export function startNotebookSchedule(ctx: NotebookRunContext): () => Promise<void> {
  let looking: Promise<unknown> | null = null;
  const timer = setInterval(() => {
    looking ??= runDueNotebooks(ctx, new Date())
      .catch((error: unknown) =>
        ctx.logger.error({ err: error }, 'the schedule of notebooks could not be read'),
      )
      .finally(() => (looking = null));
  }, LOOK_EVERY_MS);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await looking;
  };
}
