import { LRUCache } from 'lru-cache';
import { AppError } from '#shared/errors/app-error.ts';
import { refNameProblem } from '#shared/refs/ref-expression.ts';
import { checkHash, decodeKey, encodeKey, endOfPrefix, startOfPrefix } from './canonical.ts';
import type { Catalog } from './catalog.ts';
import { decodeCommit, encodeCommit } from './commit-object.ts';
import { commitOnto } from './commit-onto.ts';
import type { Commit, Hash, KeyDiff, Ref } from './model.ts';
import { walkLog } from './log.ts';
import type { CatalogStore } from './store/catalog-store.ts';
import { Turns } from './turns.ts';
import { editTree } from './tree/edit-tree.ts';
import { NodeSource } from './tree/node-source.ts';
import { diffTrees, findInTree, walkTree } from './tree/read-tree.ts';

interface CatalogOptions {
  readonly store: CatalogStore;
  readonly clock?: () => Date;
  readonly defaultBranch?: string;
}

const CACHED_COMMITS = 20_000;
/** The root commit is the same in every catalog: it has no author, no time of its own and an empty tree. */
const ROOT = {
  parents: [],
  author: '',
  message: 'Empty catalog',
  time: new Date(0),
  properties: {},
} as const;

/** What reading commits and trees takes; shared by the catalog's parts. */
export interface CatalogReader {
  readonly store: CatalogStore;
  readonly nodes: NodeSource;
  readonly clock: () => Date;
  getCommit(hash: Hash): Promise<Commit>;
  getRef(name: string): Promise<Ref>;
  /** A commit that is about to be stored. */
  remember(commit: Commit): void;
}

/** Opens the catalog in a store, and makes its root commit and default branch where there are none. */
export async function createCatalog(options: CatalogOptions): Promise<Catalog> {
  const { store, clock = () => new Date(), defaultBranch = 'main' } = options;
  const nodes = new NodeSource(store);
  const commits = new LRUCache<Hash, Commit>({ max: CACHED_COMMITS });

  const getCommit = async (hash: Hash): Promise<Commit> => {
    const cached = commits.get(hash);
    if (cached !== undefined) return cached;
    const bytes = (await store.getObjects([hash])).get(hash);
    if (bytes === undefined) throw commitNotFound(hash);
    checkHash(hash, bytes);
    const commit = decodeCommit(hash, bytes);
    commits.set(hash, commit);
    return commit;
  };
  const getRef = async (name: string): Promise<Ref> => {
    const ref = await store.getRef(name);
    if (ref === null)
      throw new AppError('REF_NOT_FOUND', `There is no branch or tag "${name}".`, { context: { ref: name } });
    return ref;
  };
  const treeOf = async (hash: Hash) => (await getCommit(hash)).tree;
  const reader: CatalogReader = {
    store,
    nodes,
    clock,
    getCommit,
    getRef,
    remember: (commit) => commits.set(commit.hash, commit),
  };

  const turns = new Turns();
  await makeRoot(reader, defaultBranch);
  return {
    defaultBranch,
    listRefs: () => store.listRefs(),
    getRef,
    async createRef(ref) {
      const problem = refNameProblem(ref.name);
      if (problem !== null)
        throw new AppError('INVALID_INPUT', `"${ref.name}" can't name a ref: ${problem}.`, {
          context: { ref: ref.name },
        });
      await getCommit(ref.hash);
      if (await store.createRef(ref)) return ref;
      throw new AppError('REF_ALREADY_EXISTS', `There is a branch or tag "${ref.name}" already.`, {
        context: { ref: ref.name },
      });
    },
    async deleteRef({ name, expectedHead }) {
      if (name === defaultBranch) {
        throw new AppError('FORBIDDEN', `"${name}" is the default branch and stays.`, {
          context: { ref: name },
        });
      }
      await getRef(name);
      if (!(await store.deleteRef(name, expectedHead))) {
        throw new AppError('COMMIT_CONFLICT', `"${name}" has moved since; it was not deleted.`, {
          context: { ref: name },
        });
      }
    },
    getCommit,
    async findCommit(prefix) {
      const [hash, another] = await store.findCommits(prefix, 2);
      if (hash !== undefined && another === undefined) return getCommit(hash);
      throw hash === undefined
        ? commitNotFound(prefix)
        : new AppError('COMMIT_NOT_FOUND', `More than one commit starts with ${prefix}; write more of it.`, {
            context: { commit: prefix },
          });
    },
    log: (from, logOptions) => walkLog(reader, from, logOptions),
    async commitAt(from, time) {
      for (let hash: Hash | undefined = from; hash !== undefined;) {
        const commit: Commit = await getCommit(hash);
        // The root commit stands for the time before anything was.
        if (commit.parents.length > 0 && commit.time <= time) return commit;
        hash = commit.parents[0];
      }
      return null;
    },
    async getContent(at, key) {
      return findInTree(nodes, await treeOf(at), encodeKey(key));
    },
    async listContents(at, prefix) {
      const encoded = prefix === undefined ? null : encodeKey(prefix);
      const range =
        encoded === null ? ([] as const) : ([startOfPrefix(encoded), endOfPrefix(encoded)] as const);
      const found = [];
      for await (const [key, content] of walkTree(nodes, await treeOf(at), ...range))
        found.push({ key: decodeKey(key), content });
      return found;
    },
    async diff(from, to) {
      const differences = await diffTrees(nodes, from === null ? null : await treeOf(from), await treeOf(to));
      return differences.map(({ key, before, after }): KeyDiff => ({ key: decodeKey(key), before, after }));
    },
    commit: (input) => turns.take(input.branch, () => commitOnto(reader, input)),
  };
}

async function makeRoot(reader: CatalogReader, defaultBranch: string): Promise<void> {
  if ((await reader.store.getRef(defaultBranch)) !== null) return;
  const { root: tree, nodes } = await editTree(reader.nodes, null, new Map());
  const { commit, object } = encodeCommit({ ...ROOT, tree });
  // Where another process is first, its root is the same.
  await reader.store.createRef(
    { name: defaultBranch, type: 'BRANCH', hash: commit.hash },
    { nodes, commits: [object] },
  );
}

function commitNotFound(hash: string): AppError {
  return new AppError('COMMIT_NOT_FOUND', `There is no commit ${hash}.`, { context: { commit: hash } });
}
