import { z } from 'zod';
import { AppError } from '#shared/errors/app-error.ts';
import { canonicalBytes, hashOf } from './canonical.ts';
import type { Commit, Hash } from './model.ts';
import type { StoredObject } from './store/catalog-store.ts';

const stored = z.object({
  parents: z.array(z.string()),
  tree: z.string(),
  author: z.string(),
  message: z.string(),
  /** Milliseconds since 1970-01-01 UTC. */
  time: z.number().int(),
  properties: z.record(z.string(), z.string()),
});

export function encodeCommit(commit: Omit<Commit, 'hash'>): {
  readonly commit: Commit;
  readonly object: StoredObject;
} {
  const { parents, tree, author, message, properties } = commit;
  const bytes = canonicalBytes({ parents, tree, author, message, properties, time: commit.time.getTime() });
  const hash = hashOf(bytes);
  return { commit: { ...commit, hash }, object: { hash, bytes } };
}

/** @throws CORRUPT_METADATA where the bytes are no commit */
export function decodeCommit(hash: Hash, bytes: Uint8Array): Commit {
  try {
    const { time, ...rest } = stored.parse(JSON.parse(new TextDecoder().decode(bytes)));
    return { ...rest, hash, time: new Date(time) };
  } catch (error) {
    throw new AppError('CORRUPT_METADATA', `The catalog's object ${hash} is not a commit.`, {
      context: { hash },
      cause: error,
    });
  }
}
