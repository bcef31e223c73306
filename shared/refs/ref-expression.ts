import { AppError } from '../errors/app-error.ts';

/** A place in history: a ref, optionally at one of its commits or at a time; or a commit without a ref. */
export type RefExpression =
  | { readonly kind: 'ref'; readonly name: string }
  | { readonly kind: 'commit'; readonly name?: string; readonly hash: string }
  | { readonly kind: 'time'; readonly name: string; readonly time: Date };

const FULL_HASH = /^[0-9a-f]{64}$/;
const HASH_PREFIX = /^[0-9a-f]{8,64}$/;

/**
 * Reads `name`, `name@hash`, `name*time` or a full commit hash. `@` and `*` can't be part of a ref's name
 * (see refNameProblem), so the text has one meaning.
 */
export function parseRefExpression(text: string): RefExpression {
  const at = text.indexOf('@');
  if (at > 0) {
    const hash = text.slice(at + 1);
    if (!HASH_PREFIX.test(hash)) throw malformed(text, 'after "@" comes a commit hash of 8 to 64 hex digits');
    return { kind: 'commit', name: text.slice(0, at), hash };
  }
  const star = text.indexOf('*');
  if (star > 0) {
    const time = new Date(text.slice(star + 1));
    if (Number.isNaN(time.getTime())) throw malformed(text, 'after "*" comes a time in ISO 8601');
    return { kind: 'time', name: text.slice(0, star), time };
  }
  if (FULL_HASH.test(text)) return { kind: 'commit', hash: text };
  return { kind: 'ref', name: text };
}

export function formatRefExpression(ref: RefExpression): string {
  if (ref.kind === 'ref') return ref.name;
  if (ref.kind === 'time') return `${ref.name}*${ref.time.toISOString()}`;
  return ref.name === undefined ? ref.hash : `${ref.name}@${ref.hash}`;
}

/** Why `name` can't name a branch or tag, or null where it can. */
export function refNameProblem(name: string): string | null {
  if (name.length === 0) return 'a name is needed';
  if (name.length > 255) return 'a name has at most 255 characters';
  if (FULL_HASH.test(name)) return 'a name must not look like a commit hash';
  if (!/^[\p{L}\p{N}_][\p{L}\p{N}_./-]*$/u.test(name))
    return 'a name starts with a letter, digit or underscore and goes on with these and . / -';
  if (name.includes('..') || name.includes('//') || /[./]$/.test(name))
    return 'a name has no "..", no "//", and does not end in "." or "/"';
  return null;
}

function malformed(text: string, what: string): AppError {
  return new AppError('INVALID_INPUT', `"${text}" is no place in history: ${what}.`, {
    context: { ref: text },
  });
}
