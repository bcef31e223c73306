import type { Revision, RevisionSummary } from '#shared/contract/notebook-history.ts';
import type { Notebook } from '#shared/contract/notebooks.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { ServiceContext } from '../context.ts';
import type { NotebookHistoryStore } from './notebook-store.ts';
import { conflictOf, getNotebook } from './notebooks.ts';

export interface HistoryContext extends ServiceContext {
  readonly notebookHistory: NotebookHistoryStore;
}

/** @throws NOT_FOUND */
export async function listRevisions(ctx: HistoryContext, id: string): Promise<readonly RevisionSummary[]> {
  await getNotebook(ctx, id);
  return ctx.notebookHistory.revisions(id);
}

/** @throws NOT_FOUND, also for saves that went into a later revision */
export async function getRevision(ctx: HistoryContext, id: string, version: number): Promise<Revision> {
  const found = await ctx.notebookHistory.revision(id, version);
  if (found !== null) return found;
  await getNotebook(ctx, id);
  throw new AppError('NOT_FOUND', `Version ${version} of this notebook is not kept.`, {
    context: { notebook: id, version },
  });
}

/**
 * Makes a notebook what it was, as a new version; what it is now stays as a revision of its own.
 *
 * @param current the version that the caller saw
 * @throws NOT_FOUND; VERSION_CONFLICT where somebody saved since
 */
export async function restoreRevision(
  ctx: HistoryContext,
  id: string,
  version: number,
  current: number,
): Promise<Notebook> {
  const { content } = await getRevision(ctx, id, version);
  const note = `Restored version ${version}`;
  const about = { note, author: ctx.author };
  const restored = await ctx.notebooks.save({ ...content, id, version: current }, about);
  return restored ?? conflictOf(ctx, id, current);
}

/**
 * Gives a version a name, by which it is found and for which it is kept for good; null takes the name away.
 *
 * @throws NOT_FOUND
 */
export async function nameRevision(
  ctx: HistoryContext,
  id: string,
  version: number,
  name: string | null,
): Promise<readonly RevisionSummary[]> {
  if (!(await ctx.notebookHistory.nameRevision(id, version, name))) await getRevision(ctx, id, version);
  return ctx.notebookHistory.revisions(id);
}
