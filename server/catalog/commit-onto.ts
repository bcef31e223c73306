import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '#shared/errors/app-error.ts';
import { encodeKey, sameContent } from './canonical.ts';
import type { CommitInput } from './catalog.ts';
import { encodeCommit } from './commit-object.ts';
import type { CatalogReader } from './create-catalog.ts';
import type { Commit, Content, Operation, Ref } from './model.ts';
import { editTree } from './tree/edit-tree.ts';
import { findInTree } from './tree/read-tree.ts';

const ATTEMPTS = 200;
const MAX_PAUSE_MS = 100;

/**
 * Lands operations on the head of a branch. Where another commit wins the race, they are put on the new head,
 * as long as the requirements hold there.
 */
export async function commitOnto(reader: CatalogReader, input: CommitInput): Promise<Commit> {
  const edits = editsOf(input.operations);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (attempt > 0) await sleep(Math.random() * Math.min(MAX_PAUSE_MS, 2 ** attempt));
    const ref = await reader.getRef(input.branch);
    if (ref.type === 'TAG') {
      throw new AppError('FORBIDDEN', `"${ref.name}" is a tag, and tags don't move. Commit to a branch.`, {
        context: { ref: ref.name },
      });
    }
    if (input.expectedHead !== undefined && input.expectedHead !== ref.hash) {
      throw conflict(`"${ref.name}" is at ${ref.hash.slice(0, 12)} and not where it was expected.`, {
        ref: ref.name,
        head: ref.hash,
      });
    }
    const head = await reader.getCommit(ref.hash);
    await checkRequirements(reader, head, input, ref);
    const { root, nodes } = await editTree(reader.nodes, head.tree, edits);
    const { commit, object } = encodeCommit({
      parents: [head.hash],
      tree: root,
      author: input.author,
      message: input.message,
      properties: input.properties,
      // Strictly later than its parent, so that a time means one commit of a branch.
      time: new Date(Math.max(reader.clock().getTime(), head.time.getTime() + 1)),
    });
    const swap = { name: ref.name, expected: ref.hash, next: commit.hash };
    if (await reader.store.swapRef(swap, { nodes, commits: [object] })) {
      reader.remember(commit);
      return commit;
    }
  }
  throw conflict(`Other commits to "${input.branch}" won ${ATTEMPTS} times; try again.`, {
    ref: input.branch,
  });
}

async function checkRequirements(
  reader: CatalogReader,
  head: Commit,
  input: CommitInput,
  ref: Ref,
): Promise<void> {
  const failed: string[] = [];
  for (const { key, content } of input.requirements) {
    const standing = await findInTree(reader.nodes, head.tree, encodeKey(key));
    if (!sameContent(standing, content)) failed.push(key.join('.'));
  }
  if (failed.length === 0) return;
  throw conflict(`${failed.join(', ')} changed on "${ref.name}" since it was read.`, {
    ref: ref.name,
    keys: failed,
  });
}

function editsOf(operations: readonly Operation[]): ReadonlyMap<string, Content | null> {
  const edits = new Map<string, Content | null>();
  for (const operation of operations) {
    const key = encodeKey(operation.key);
    if (edits.has(key)) {
      throw new AppError('INVALID_INPUT', `A commit changes ${operation.key.join('.')} twice.`, {
        context: { key: operation.key },
      });
    }
    edits.set(key, operation.kind === 'put' ? operation.content : null);
  }
  if (edits.size === 0) throw new AppError('INVALID_INPUT', 'A commit needs at least one operation.');
  return edits;
}

function conflict(message: string, context: Readonly<Record<string, unknown>>): AppError {
  return new AppError('COMMIT_CONFLICT', message, { context });
}
