import { errorMessage, isAppError } from '#shared/errors/app-error.ts';
import { HashSet } from './hash-set.ts';
import { checkHash, decodeKey } from './canonical.ts';
import { decodeCommit } from './commit-object.ts';
import type { Commit, Content, ContentKey, Hash } from './model.ts';
import type { CatalogStore } from './store/catalog-store.ts';
import { decodeNode, type TreeNode } from './tree/node.ts';

/** What leads to something: the first place from which it was found. */
export interface Reach {
  /** Branch or tag; null where the reflog alone leads there. */
  readonly ref: string | null;
  readonly commit: Hash;
}

export type AuditEvent = Reach &
  (
    | { readonly kind: 'ref' }
    | { readonly kind: 'commit' }
    | { readonly kind: 'node' }
    | { readonly kind: 'content'; readonly key: ContentKey; readonly content: Content }
    /** `object` is the hash of what is missing, damaged or out of order. */
    | { readonly kind: 'fault'; readonly object: Hash; readonly problem: string }
  );

const AT_ONCE = 128;

/**
 * Reads every commit and tree node that refs and the reflog lead to, afresh from the store and each once, newest
 * commits of the first ref first, and tells what stands in them; a content comes once for each node that has it.
 *
 * Holds about sixteen bytes for each object, and the nodes on the way down one tree.
 */
export async function* auditCatalog(
  store: Pick<CatalogStore, 'getObjects' | 'listRefs' | 'roots'>,
): AsyncGenerator<AuditEvent> {
  const seen = new HashSet();
  for (const { name, hash } of await store.listRefs()) {
    yield { kind: 'ref', ref: name, commit: hash };
    yield* auditHistory(store, seen, { ref: name, commit: hash });
  }
  for (const commit of await store.roots()) yield* auditHistory(store, seen, { ref: null, commit });
}

type Objects = Pick<CatalogStore, 'getObjects'>;

async function* auditHistory(
  store: Objects,
  seen: HashSet,
  { ref, commit }: Reach,
): AsyncGenerator<AuditEvent> {
  const waiting: { readonly hash: Hash; readonly child: Commit | null }[] = [{ hash: commit, child: null }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { hash, child } = next;
    if (!seen.add(hash)) continue;
    const at = { ref, commit: child?.hash ?? hash };
    const bytes = (await store.getObjects([hash])).get(hash);
    if (bytes === undefined) {
      const role = child === null ? 'that it stands at' : 'that this one follows';
      yield { ...at, kind: 'fault', object: hash, problem: `The commit ${role} is missing.` };
      continue;
    }
    try {
      checkHash(hash, bytes);
      const found = decodeCommit(hash, bytes);
      if (child !== null && found.time.getTime() >= child.time.getTime())
        yield { ...at, kind: 'fault', object: hash, problem: 'A commit is not older than the one after it.' };
      // The first parent is looked at next.
      waiting.push(...[...found.parents].reverse().map((parent) => ({ hash: parent, child: found })));
      yield { ref, commit: hash, kind: 'commit' };
      yield* auditTree(store, seen, { ref, commit: hash }, [found.tree], null);
    } catch (error) {
      yield { ...at, kind: 'fault', object: hash, problem: damage(error) };
    }
  }
}

/** @throws the error itself where the store did not answer, which says nothing of what it holds */
function damage(error: unknown): string {
  if (isAppError(error, 'CORRUPT_METADATA')) return errorMessage(error);
  throw error;
}

/** The last key that a child must have, and its level, by the node above it. */
interface Expected {
  readonly level: number;
  readonly lastKeys: ReadonlyMap<Hash, string>;
}

async function* auditTree(
  store: Objects,
  seen: HashSet,
  at: Reach,
  hashes: readonly Hash[],
  expected: Expected | null,
): AsyncGenerator<AuditEvent> {
  for (let start = 0; start < hashes.length; start += AT_ONCE) {
    const fresh = hashes.slice(start, start + AT_ONCE).filter((hash) => seen.add(hash));
    const stored = fresh.length === 0 ? new Map<Hash, Uint8Array>() : await store.getObjects(fresh);
    for (const hash of fresh) {
      const node = readNode(hash, stored.get(hash), expected);
      if (typeof node === 'string') {
        yield { ...at, kind: 'fault', object: hash, problem: node };
        continue;
      }
      yield { ...at, kind: 'node' };
      if (node.level === 0) {
        for (const [key, content] of node.entries)
          yield { ...at, kind: 'content', key: decodeKey(key), content: content as Content };
      } else {
        const lastKeys = new Map(node.entries.map(([key, child]) => [child as Hash, key]));
        yield* auditTree(store, seen, at, [...lastKeys.keys()], { level: node.level - 1, lastKeys });
      }
    }
  }
}

/** The node, or what is wrong with it. */
function readNode(hash: Hash, bytes: Uint8Array | undefined, expected: Expected | null): TreeNode | string {
  if (bytes === undefined) return 'A node of the catalog tree is missing.';
  try {
    checkHash(hash, bytes);
    const node = decodeNode(bytes, hash);
    const keys = node.entries.map(([key]) => key);
    if (keys.some((key, index) => index > 0 && key <= (keys[index - 1] ?? '')))
      return 'A node of the catalog tree has keys out of order.';
    if (expected !== null && (node.level !== expected.level || keys.at(-1) !== expected.lastKeys.get(hash)))
      return 'A node of the catalog tree does not stand where its keys belong.';
    return node;
  } catch (error) {
    return damage(error);
  }
}
