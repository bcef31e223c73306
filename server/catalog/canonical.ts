import { createHash } from 'node:crypto';
import { AppError } from '#shared/errors/app-error.ts';
import type { Content, ContentKey, Hash } from './model.ts';

/**
 * JSON with the members of every object in order of their names: equal values have equal bytes, so equal
 * objects have one hash. Values are what JSON can hold.
 */
export function canonicalBytes(value: unknown): Uint8Array {
  return new TextEncoder().encode(canonicalText(value));
}

function canonicalText(value: unknown): string {
  return JSON.stringify(value, (_name, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

export function hashOf(bytes: Uint8Array): Hash {
  return createHash('sha256').update(bytes).digest('hex');
}

export function sameContent(a: Content | null, b: Content | null): boolean {
  return a === b || (a !== null && b !== null && canonicalText(a) === canonicalText(b));
}

const SEPARATOR = '\u0000';

/**
 * A key as one string, whose order (by UTF-16 code units) puts everything under a namespace together, right
 * after the namespace itself.
 *
 * @throws INVALID_INPUT for no levels, an empty level, and the one character that separates levels
 */
export function encodeKey(key: ContentKey): string {
  const wrong = key.length === 0 || key.some((level) => level === '' || level.includes(SEPARATOR));
  if (!wrong) return key.join(SEPARATOR);
  throw new AppError(
    'INVALID_INPUT',
    'A name in the catalog has at least one level, none of them empty or with a NUL character.',
    {
      context: { key },
    },
  );
}

export function decodeKey(text: string): ContentKey {
  return text.split(SEPARATOR);
}

/** The first string that no key under this namespace reaches. */
export function endOfPrefix(prefix: string): string {
  return `${prefix}\u0001`;
}

/** The first string of keys under this namespace. */
export function startOfPrefix(prefix: string): string {
  return `${prefix}${SEPARATOR}`;
}
