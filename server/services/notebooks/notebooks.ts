import { randomUUID } from 'node:crypto';
import type { Notebook, NotebookContent, NotebookSummary } from '#shared/contract/notebooks.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { ServiceContext } from '../context.ts';

export function listNotebooks(ctx: ServiceContext): Promise<readonly NotebookSummary[]> {
  return ctx.notebooks.list();
}

/** @throws NOT_FOUND */
export async function getNotebook(ctx: ServiceContext, id: string): Promise<Notebook> {
  return (await ctx.notebooks.get(id)) ?? missing(id);
}

/**
 * @param input.id given for notebooks that the product itself makes, and for those that a page made while the server was away
 * @throws ALREADY_EXISTS where that id is taken
 */
export async function createNotebook(
  ctx: ServiceContext,
  input: NotebookContent & { readonly id?: string | undefined },
): Promise<Notebook> {
  const id = input.id ?? randomUUID();
  const created = await ctx.notebooks.insert({ ...input, id }, ctx.author);
  if (created === null) throw new AppError('ALREADY_EXISTS', `There is a notebook ${id} already.`);
  return created;
}

/** @throws NOT_FOUND; VERSION_CONFLICT where somebody saved since `version`, with the version that is there */
export async function saveNotebook(
  ctx: ServiceContext,
  id: string,
  {
    keepBefore,
    ...input
  }: Omit<Notebook, 'id' | 'updatedAt'> & { readonly keepBefore?: boolean | undefined },
): Promise<Notebook> {
  const saved = await ctx.notebooks.save({ ...input, id }, { author: ctx.author, keepBefore });
  return saved ?? conflictOf(ctx, id, input.version);
}

/** Why a save from `version` was refused. @throws NOT_FOUND, VERSION_CONFLICT; always one of them */
export async function conflictOf(ctx: ServiceContext, id: string, version: number): Promise<never> {
  const current = await getNotebook(ctx, id);
  throw new AppError(
    'VERSION_CONFLICT',
    `Version ${current.version} of this notebook was saved elsewhere while you edited version ${version}.`,
    { context: { notebook: id, version: current.version } },
  );
}

/** @throws NOT_FOUND */
export async function deleteNotebook(ctx: ServiceContext, id: string): Promise<void> {
  if (!(await ctx.notebooks.delete(id))) missing(id);
}

function missing(id: string): never {
  throw new AppError('NOT_FOUND', `There is no notebook ${id}; it may have been deleted.`, {
    context: { notebook: id },
  });
}
