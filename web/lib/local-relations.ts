import type { LocalRelation } from '#shared/contract/plan.ts';
import { AppError, isAppError } from '#shared/errors/app-error.ts';

let relations: readonly LocalRelation[] = [];

/** The files of this computer that queries in this tab can name. */
export function localRelations(): readonly LocalRelation[] {
  return relations;
}

export function setLocalRelations(now: readonly LocalRelation[]): void {
  relations = now;
}

/** What a request for a plan says of them. */
export function withLocals(): { readonly locals?: LocalRelation[] } {
  return relations.length === 0 ? {} : { locals: [...relations] };
}

/**
 * What went wrong on the server, which has no files of this computer, where that is why.
 *
 * @param doing what it was asked to do: "Exports are written by the server"
 */
export function forServer(error: unknown, doing: string): unknown {
  if (!isAppError(error, 'TABLE_NOT_FOUND')) return error;
  const table = String(error.context['table']).toLowerCase();
  const local = relations.find(({ name }) => name.toLowerCase() === table);
  if (local === undefined) return error;
  const { suggestions: _, ...context } = error.context;
  return new AppError(
    'UNSUPPORTED',
    `${doing}, which does not have the file ${local.name}: only this tab has it. Save the file as a table first.`,
    { context, cause: error },
  );
}
