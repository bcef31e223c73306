import { AppError } from '#shared/errors/app-error.ts';

/**
 * Says that a query is not for the cluster: it would have another answer there, or one that nobody has compared.
 *
 * @param reason goes on from "the cluster …" or names what it is about; without a full stop
 * @throws UNSUPPORTED
 */
export function refuse(reason: string): never {
  throw new AppError('UNSUPPORTED', reason);
}

/** What DuckDB calls BOUND_WINDOW or OPERATOR_TRY, for people. */
export function words(name: string): string {
  return name.replace(/^(BOUND|OPERATOR|LOGICAL|WINDOW|COMPARE)_/, '').replaceAll('_', ' ');
}
