import { canonicalLocation, segmentsBelow } from '#server/storage/location.ts';
import type { RestContext } from './rest-context.ts';

/**
 * A location that a client chose for a table or view, in the one form that metadata has it in.
 *
 * @throws PATH_OUTSIDE_ROOT where it is not in the lakehouse's storage
 */
export function ownLocation({ io }: RestContext, location: string): string {
  const trimmed = location.replace(/\/+$/, '');
  segmentsBelow(io.root, trimmed);
  return canonicalLocation(trimmed);
}
