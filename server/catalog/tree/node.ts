import { createHash } from 'node:crypto';
import { AppError } from '#shared/errors/app-error.ts';
import { canonicalBytes, hashOf } from '../canonical.ts';
import type { Content, Hash } from '../model.ts';

/** Entries in order of their keys. An inner node's keys are the last keys of its children. */
export type TreeNode =
  | { readonly level: 0; readonly entries: readonly (readonly [key: string, content: Content])[] }
  | { readonly level: number; readonly entries: readonly (readonly [lastKey: string, child: Hash])[] };

export type Entry = readonly [key: string, value: Content | Hash];

export interface EncodedNode {
  readonly hash: Hash;
  readonly bytes: Uint8Array;
}

/** Entries of a node on average. */
const FAN_OUT = 32;

/**
 * Whether a node of this level ends after this key. It hangs on the key alone, so a change moves no boundary
 * but its own, and equal contents are cut alike whatever their history.
 */
export function endsNode(level: number, key: string): boolean {
  return createHash('sha256').update(`${level}:${key}`).digest().readUInt32BE() % FAN_OUT === 0;
}

export function encodeNode(level: number, entries: readonly Entry[]): EncodedNode {
  const bytes = canonicalBytes({ level, entries });
  return { hash: hashOf(bytes), bytes };
}

/** The node is frozen: it is shared by all who read it, and what goes back into a tree must be what came out. */
export function decodeNode(bytes: Uint8Array, hash: Hash): TreeNode {
  try {
    const node = JSON.parse(new TextDecoder().decode(bytes)) as TreeNode;
    if (Number.isInteger(node.level) && Array.isArray(node.entries)) return deepFreeze(node);
  } catch {
    // Not JSON is told as what it is, below.
  }
  throw new AppError('CORRUPT_METADATA', `The catalog's object ${hash} is not a tree node.`, {
    context: { hash },
  });
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  for (const inner of Object.values(value)) deepFreeze(inner);
  return Object.freeze(value);
}
