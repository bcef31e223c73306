import { createHash } from 'node:crypto';
import { AppError } from '#shared/errors/app-error.ts';
import type { Content, ContentKey, Hash } from './model.ts';

/**
 * JSON with the members of every object in order of their names: equal values have equal bytes, so equal
 * objects have one hash.
 *
 * @throws AppError INVALID_INPUT for what JSON would lose or change without a word: 64-bit integers, NaN, dates
 */
export function canonicalBytes(value: unknown): Uint8Array {
  return new TextEncoder().encode(canonicalText(value, []));
}

function canonicalText(value: unknown, path: readonly string[]): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') {
    const exact = Number.isInteger(value) ? Number.isSafeInteger(value) : Number.isFinite(value);
    if (exact) return JSON.stringify(value);
  } else if (Array.isArray(value)) {
    return `[${value.map((inner, index) => canonicalText(inner, [...path, String(index)])).join(',')}]`;
  } else if (isPlainObject(value)) {
    const members = Object.entries(value).filter(([, inner]) => inner !== undefined);
    const texts = members
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, inner]) => `${JSON.stringify(name)}:${canonicalText(inner, [...path, name])}`);
    return `{${texts.join(',')}}`;
  }
  throw new AppError(
    'INVALID_INPUT',
    `${describe(value)} at ${path.join('.') || 'the top'} can't be kept in the catalog, which holds what JSON does. Write it as text.`,
    { context: { path } },
  );
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function describe(value: unknown): string {
  if (typeof value === 'number') return `The number ${value}`;
  if (typeof value === 'object' && value !== null) return `An object of class ${value.constructor.name}`;
  return `A value of type ${typeof value}`;
}

export function hashOf(bytes: Uint8Array): Hash {
  return createHash('sha256').update(bytes).digest('hex');
}

export function hashOfContent(content: Content): Hash {
  return hashOf(canonicalBytes(content));
}

/** @throws AppError CORRUPT_METADATA where the bytes are not those that were stored under the hash */
export function checkHash(hash: Hash, bytes: Uint8Array): void {
  const actual = hashOf(bytes);
  if (actual === hash) return;
  throw new AppError(
    'CORRUPT_METADATA',
    `The catalog's object ${hash} is damaged: its bytes have the hash ${actual}. Put back a copy of the metadata database.`,
    { context: { hash, actual } },
  );
}

export function sameContent(a: Content | null, b: Content | null): boolean {
  return a === b || (a !== null && b !== null && canonicalText(a, []) === canonicalText(b, []));
}

const PATH_LENGTH = 32;

/** What history is searched by: each key itself, and each namespace that it is in, hashed. */
export function pathsOf(keys: readonly string[]): readonly string[] {
  const paths = new Set<string>();
  for (const key of keys) {
    paths.add(pathOf(key));
    for (let end = key.length; end > 0; end = key.lastIndexOf(SEPARATOR, end - 1)) {
      paths.add(pathUnder(key.slice(0, end)));
    }
  }
  return [...paths];
}

/** @param key encoded */
export function pathOf(key: string): string {
  return hashOf(new TextEncoder().encode(key)).slice(0, PATH_LENGTH);
}

/** The key and everything beneath it. @param key encoded */
export function pathUnder(key: string): string {
  return pathOf(startOfPrefix(key));
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
