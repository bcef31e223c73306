import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '#shared/errors/app-error.ts';
import { pathsOf } from './canonical.ts';
import { encodeCommit } from './commit-object.ts';
import type { Commit, CommitMeta, Hash, Ref, RefOperation, ReflogEntry, RefRule } from './model.ts';
import type { CatalogReader } from './reader.ts';
import type { NewCommit, NewObjects } from './store/catalog-store.ts';
import type { EncodedNode } from './tree/node.ts';
import { diffTrees } from './tree/read-tree.ts';

const ATTEMPTS = 200;
const MAX_PAUSE_MS = 100;

/** What is to become of a branch, made from its head as it was read. */
export interface Prepared<T> {
  readonly result: T;
  /** None: nothing is to move. */
  readonly move?: {
    readonly next: Hash;
    readonly objects: NewObjects;
    readonly records: readonly Omit<ReflogEntry, 'id'>[];
  };
}

/**
 * Moves a branch to what `prepare` makes of its head, again and again while others win the race. Each time it gets a
 * reader with room for what it makes.
 *
 * @throws REF_NOT_FOUND, FORBIDDEN (a tag), COMMIT_CONFLICT (not at `expectedHead`, or too many lost races), and
 *   what `prepare` throws
 */
export async function landOn<T>(
  reader: CatalogReader,
  target: { readonly branch: string; readonly expectedHead?: Hash },
  prepare: (head: Commit, ref: Ref, reader: CatalogReader) => Promise<Prepared<T>>,
): Promise<T> {
  const { branch, expectedHead } = target;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (attempt > 0) await sleep(Math.random() * Math.min(MAX_PAUSE_MS, 2 ** attempt));
    const ref = await reader.getRef(branch);
    if (ref.type === 'TAG') {
      throw new AppError('FORBIDDEN', `"${ref.name}" is a tag, and tags don't move. Commit to a branch.`, {
        context: { ref: ref.name },
      });
    }
    checkExpected(branch, ref.hash, expectedHead);
    const { result, move } = await prepare(await reader.getCommit(ref.hash), ref, reader.scratch());
    if (move === undefined) return result;
    const changes = [{ name: branch, before: ref, after: { ...ref, hash: move.next } }];
    if (await reader.store.move({ changes, objects: move.objects, records: move.records })) return result;
  }
  throw conflict(`Other commits to "${branch}" won ${ATTEMPTS} times; try again.`, { ref: branch });
}

export function checkExpected(ref: string, head: Hash, expected: Hash | undefined): void {
  if (expected === undefined || expected === head) return;
  throw conflict(`"${ref}" is at ${head.slice(0, 12)} and not where it was expected.`, { ref, head });
}

/**
 * @param what is asked for
 * @param byRequest whether a merge request asks for it
 * @throws FORBIDDEN
 */
export function checkProtection(ref: Ref, rule: RefRule, what: string, byRequest = false): void {
  if (ref.protection.includes('MERGE') && !byRequest) {
    throw new AppError(
      'FORBIDDEN',
      `"${ref.name}" takes what merge requests bring, and nothing else: ${what} is refused. Commit to another branch and open a merge request, or change the protection of "${ref.name}" first.`,
      { context: { ref: ref.name, rule: 'MERGE' } },
    );
  }
  if (rule === 'MERGE' || !ref.protection.includes(rule)) return;
  throw new AppError(
    'FORBIDDEN',
    `"${ref.name}" is protected: ${what} is refused. Change its protection first, or work on another branch and merge that.`,
    { context: { ref: ref.name, rule } },
  );
}

/** A commit on top of parents, the first of which has the tree that it is compared with. */
export async function makeCommit(
  reader: CatalogReader,
  made: CommitMeta & {
    readonly parents: readonly [Commit, ...Commit[]];
    readonly tree: Hash;
  },
): Promise<{ readonly commit: Commit; readonly stored: NewCommit }> {
  const { parents, tree, author, message, properties } = made;
  const { commit, object } = encodeCommit({
    parents: parents.map(({ hash }) => hash),
    tree,
    author,
    message,
    properties,
    // Strictly later than its parents, so that a time means one commit of a branch, and history is in order of times.
    time: new Date(Math.max(reader.clock().getTime(), ...parents.map(({ time }) => time.getTime() + 1))),
  });
  const changed = await diffTrees(reader.nodes, parents[0].tree, tree);
  return { commit, stored: newCommit(commit, object, pathsOf(changed.map(({ key }) => key))) };
}

export function newCommit(commit: Commit, object: EncodedNode, paths: readonly string[]): NewCommit {
  const { parents, author, message } = commit;
  return { ...object, parent: parents[0] ?? null, time: commit.time.getTime(), author, message, paths };
}

export function recordOf(
  ref: Pick<Ref, 'name' | 'type'>,
  operation: RefOperation,
  entry: Pick<ReflogEntry, 'before' | 'after' | 'author' | 'message' | 'time'>,
): Omit<ReflogEntry, 'id'> {
  const { before, after, author, message, time } = entry;
  return { ref: ref.name, type: ref.type, before, after, operation, author, message, time };
}

export function conflict(message: string, context: Readonly<Record<string, unknown>>): AppError {
  return new AppError('COMMIT_CONFLICT', message, { context });
}
