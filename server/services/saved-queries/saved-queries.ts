import { randomUUID } from 'node:crypto';
import type { CreateSavedQuery, SavedQuery } from '#shared/contract/saved-queries.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { ServiceContext } from '../context.ts';
import type { SavedQueryStore } from './saved-query-store.ts';

export interface SavedQueryContext extends ServiceContext {
  readonly savedQueries: SavedQueryStore;
}

export function listSavedQueries(ctx: SavedQueryContext): Promise<readonly SavedQuery[]> {
  return ctx.savedQueries.list();
}

export function saveQuery(ctx: SavedQueryContext, query: CreateSavedQuery): Promise<SavedQuery> {
  return ctx.savedQueries.insert({ ...query, id: randomUUID(), owner: ctx.author });
}

/** @throws NOT_FOUND; VERSION_CONFLICT where somebody changed it since `version` */
export async function changeSavedQuery(
  ctx: SavedQueryContext,
  id: string,
  query: CreateSavedQuery & Pick<SavedQuery, 'version'>,
): Promise<SavedQuery> {
  const saved = await ctx.savedQueries.save({ ...query, id });
  if (saved !== null) return saved;
  const { version, name } = await getSavedQuery(ctx, id);
  throw new AppError(
    'VERSION_CONFLICT',
    `“${name}” was changed elsewhere while you edited it. Open it again to see what it is now.`,
    { context: { savedQuery: id, version } },
  );
}

/** @throws NOT_FOUND */
export async function getSavedQuery(ctx: SavedQueryContext, id: string): Promise<SavedQuery> {
  return (await ctx.savedQueries.get(id)) ?? missing(id);
}

/** @throws NOT_FOUND */
export async function deleteSavedQuery(ctx: SavedQueryContext, id: string): Promise<void> {
  if (!(await ctx.savedQueries.delete(id))) missing(id);
}

function missing(id: string): never {
  throw new AppError('NOT_FOUND', `There is no saved query ${id}; it may have been deleted.`, {
    context: { savedQuery: id },
  });
}
