import { AppError } from '#shared/errors/app-error.ts';
import { dottedName } from '#shared/refs/dotted-name.ts';
import { decodeKey, encodeKey } from '../canonical.ts';
import type { LandInput } from './outcome.ts';

/** So many names of conflicts are told. */
const TOLD = 50;

/**
 * A choice for what does not conflict would be passed over, and whoever made it would not know.
 *
 * @param asked encoded keys of the conflicts
 * @throws INVALID_INPUT with the names that are known (context.known)
 */
export function checkChoices({ choices = [] }: Pick<LandInput, 'choices'>, asked: ReadonlySet<string>): void {
  const unknown = choices.filter(({ key }) => !asked.has(encodeKey(key))).map(({ key }) => dottedName(key));
  if (unknown.length === 0) return;
  const known = [...asked].map((key) => dottedName(decodeKey(key)));
  const shown = known.slice(0, TOLD);
  const more = known.length > TOLD ? `, and ${known.length - TOLD} more` : '';
  const what =
    unknown.length === 1
      ? 'A choice is for what does not conflict'
      : 'Choices are for what does not conflict';
  const conflicts = known.length === 0 ? 'Nothing conflicts' : `What conflicts is ${shown.join(', ')}${more}`;
  throw new AppError('INVALID_INPUT', `${what}: ${unknown.slice(0, TOLD).join(', ')}. ${conflicts}.`, {
    context: { unknown: unknown.slice(0, TOLD), known: shown },
  });
}
