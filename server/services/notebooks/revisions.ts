import type { Revision, RevisionChanges, RevisionSummary } from '#shared/contract/notebook-history.ts';
import type { Notebook, NotebookContent } from '#shared/contract/notebooks.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { summarizeChanges } from '#shared/notebook/change-summary.ts';
import type { ServiceContext } from '../context.ts';
import type { NotebookHistoryStore } from './notebook-store.ts';
import { conflictOf, getNotebook } from './notebooks.ts';

export interface HistoryContext extends ServiceContext {
  readonly notebookHistory: NotebookHistoryStore;
}

/** @throws NOT_FOUND */
export async function listRevisions(ctx: HistoryContext, id: string): Promise<readonly RevisionSummary[]> {
  await getNotebook(ctx, id);
  return changedRevisions(ctx.notebookHistory, id);
}

/** States that are in memory at a time: each is a whole notebook. */
const AT_ONCE = 50;

/**
 * The revisions, with what each changed. One of which nothing is to be seen (cells that were collapsed, a pinned run) is
 * left out, unless somebody gave it a name or it came to be otherwise than by typing.
 */
async function changedRevisions(history: NotebookHistoryStore, id: string): Promise<RevisionSummary[]> {
  const oldest = (await history.revisions(id)).toReversed();
  const listed: RevisionSummary[] = [];
  let before: NotebookContent | null = null;
  for (let from = 0; from < oldest.length; from += AT_ONCE) {
    const some = oldest.slice(from, from + AT_ONCE);
    const versions = some.map(({ version }) => version);
    const contents = new Map(
      (await history.revisionContents(id, versions)).map(({ version, content }) => [version, content]),
    );
    for (const each of some) {
      const content = contents.get(each.version);
      if (content === undefined) continue;
      const changes: RevisionChanges | null = before === null ? null : summarizeChanges(before, content);
      const counts = before === null || each.name !== undefined || each.note !== undefined;
      if (changes === null && !counts) continue;
      listed.push(changes === null ? each : { ...each, changes });
      before = content;
    }
  }
  return listed.toReversed();
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
  return changedRevisions(ctx.notebookHistory, id);
}
