import { AppError } from '#shared/errors/app-error.ts';
import { decodeKey, encodeKey, endOfPrefix, sameContent, startOfPrefix } from './canonical.ts';
import type { CommitInput } from './catalog.ts';
import { checkExpected, checkProtection, conflict, landOn, makeCommit, recordOf } from './land.ts';
import { NAMESPACE_TYPE, type Commit, type Content, type Hash, type Operation } from './model.ts';
import type { CatalogReader } from './reader.ts';
import type { NewCommit } from './store/catalog-store.ts';
import type { Turns } from './turns.ts';
import { editTree } from './tree/edit-tree.ts';
import type { EncodedNode } from './tree/node.ts';
import { findInTree, walkTree } from './tree/read-tree.ts';

/** Operations that land together at most, so that what they make fits in memory. */
const GROUP_OPERATIONS = 2000;

interface Waiting {
  readonly input: CommitInput;
  readonly edits: ReadonlyMap<string, Content | null>;
  /** Of the edits, keys at which what stands stays. */
  readonly ensured: readonly string[];
  readonly resolve: (commit: Commit) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Commits of one process, a branch at a time. Those that come while another is being stored wait, and then land
 * together: each is a commit of its own, in the order in which they came, but one transaction stores them all.
 */
export class CommitQueue {
  private readonly waiting = new Map<string, Waiting[]>();
  private readonly reader: CatalogReader;
  private readonly turns: Turns;

  constructor(reader: CatalogReader, turns: Turns) {
    this.reader = reader;
    this.turns = turns;
  }

  async commit(input: CommitInput): Promise<Commit> {
    const edits = editsOf(input.operations);
    const ensured = input.operations.flatMap(({ kind, key }) => (kind === 'ensure' ? [encodeKey(key)] : []));
    return new Promise<Commit>((resolve, reject) => {
      const queue = this.waiting.get(input.branch) ?? [];
      this.waiting.set(input.branch, queue);
      queue.push({ input, edits, ensured, resolve, reject });
      // Where the turn before has taken it along, there is nothing left to do in this one.
      this.turns.take(input.branch, () => this.landNext(input.branch)).catch(reject);
    });
  }

  private async landNext(branch: string): Promise<void> {
    const queue = this.waiting.get(branch) ?? [];
    let operations = 0;
    const fits = queue.findIndex(({ edits }, index) => {
      operations += edits.size;
      return index > 0 && operations > GROUP_OPERATIONS;
    });
    const group = queue.splice(0, fits === -1 ? queue.length : fits);
    if (queue.length === 0) this.waiting.delete(branch);
    if (group.length === 0) return;
    try {
      for (const tell of await landGroup(this.reader, branch, group)) tell();
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
  }
}

/** What to tell whom, once it is true: a refusal may rest on a commit of the group that did not land in the end. */
async function landGroup(
  catalog: CatalogReader,
  branch: string,
  group: readonly Waiting[],
): Promise<readonly (() => void)[]> {
  return landOn(catalog, { branch }, async (start, ref, reader) => {
    const result: (() => void)[] = [];
    const nodes: EncodedNode[] = [];
    const commits: NewCommit[] = [];
    const records = [];
    let head = start;
    for (const { input, edits: asked, ensured, resolve, reject } of group) {
      try {
        checkProtection(ref, 'COMMIT', 'a commit that is not a merge');
        checkExpected(branch, head.hash, input.expectedHead);
        await checkRequirements(reader, head, input);
        const edits = await withoutStanding(reader, head, asked, ensured);
        const edited = await editTree(reader.nodes, head.tree, edits);
        await checkNamespaces(reader, head.tree, edited.root, edits);
        const { author, message, properties } = input;
        const made = await makeCommit(reader, {
          parents: [head],
          tree: edited.root,
          author,
          message,
          properties,
        });
        const { commit } = made;
        nodes.push(...edited.nodes);
        commits.push(made.stored);
        const { time } = commit;
        const [before, after] = [head.hash, commit.hash];
        records.push(recordOf(ref, 'commit', { before, after, author, message, time }));
        result.push(() => {
          reader.remember(commit);
          resolve(commit);
        });
        head = commit;
      } catch (error) {
        result.push(() => reject(error));
      }
    }
    if (commits.length === 0) return { result };
    return { result, move: { next: head.hash, objects: { nodes, commits }, records } };
  });
}

/** What the commit is to edit at this head: what it only ensures is left alone where something stands. */
async function withoutStanding(
  reader: CatalogReader,
  head: Commit,
  edits: ReadonlyMap<string, Content | null>,
  ensured: readonly string[],
): Promise<ReadonlyMap<string, Content | null>> {
  if (ensured.length === 0) return edits;
  const left = new Map(edits);
  for (const key of ensured) if ((await findInTree(reader.nodes, head.tree, key)) !== null) left.delete(key);
  return left;
}

async function checkRequirements(reader: CatalogReader, head: Commit, input: CommitInput): Promise<void> {
  const failed: string[] = [];
  for (const { key, content } of input.requirements) {
    const standing = await findInTree(reader.nodes, head.tree, encodeKey(key));
    if (!sameContent(standing, content)) failed.push(key.join('.'));
  }
  if (failed.length === 0) return;
  throw conflict(`${failed.join(', ')} changed on "${input.branch}" since it was read.`, {
    ref: input.branch,
    keys: failed,
  });
}

/** @throws NAMESPACE_NOT_EMPTY where one is removed and something stays in it */
async function checkNamespaces(
  reader: CatalogReader,
  before: Hash,
  after: Hash,
  edits: ReadonlyMap<string, Content | null>,
): Promise<void> {
  for (const [key, content] of edits) {
    if (content !== null) continue;
    if ((await findInTree(reader.nodes, before, key))?.type !== NAMESPACE_TYPE) continue;
    for await (const [left] of walkTree(reader.nodes, after, startOfPrefix(key), endOfPrefix(key))) {
      const name = decodeKey(key).join('.');
      throw new AppError(
        'NAMESPACE_NOT_EMPTY',
        `The namespace ${name} has ${decodeKey(left).join('.')} in it; remove or move what it has first.`,
        { context: { namespace: name, content: decodeKey(left).join('.') } },
      );
    }
  }
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
    edits.set(key, operation.kind === 'delete' ? null : operation.content);
  }
  if (edits.size === 0) throw new AppError('INVALID_INPUT', 'A commit needs at least one operation.');
  return edits;
}
