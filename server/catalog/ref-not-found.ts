import { AppError } from '#shared/errors/app-error.ts';
import { nearestNames } from '#shared/util/nearest-names.ts';

/** So many of the names there are, where none is near. */
const TOLD = 20;

/** REF_NOT_FOUND with the names that are near, nearest first, in the sentence and as `suggestions`. */
export function refNotFound(name: string, names: readonly string[], cause?: unknown): AppError {
  const suggestions = nearestNames(name, names);
  const hint =
    suggestions.length > 0
      ? `Did you mean ${suggestions.join(' or ')}?`
      : `There are: ${names.slice(0, TOLD).join(', ')}${names.length > TOLD ? ', …' : ''}.`;
  return new AppError('REF_NOT_FOUND', `There is no branch or tag "${name.slice(0, 300)}". ${hint}`, {
    context: { ref: name, suggestions },
    ...(cause === undefined ? {} : { cause }),
  });
}
