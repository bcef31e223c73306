import { AppError } from '#shared/errors/app-error.ts';
import { auditCatalog } from './audit.ts';
import { decodeKey, encodeKey, endOfPrefix, hashOfContent, startOfPrefix } from './canonical.ts';
import type { Catalog } from './catalog.ts';
import { encodeCommit } from './commit-object.ts';
import { CommitQueue } from './commit-onto.ts';
import { indexHistory } from './index-history.ts';
import { newCommit, recordOf } from './land.ts';
import { commitAt, walkLog } from './log.ts';
import { changesOf } from './merge/changes-of.ts';
import { relate } from './merge/merge-base.ts';
import { mergeInto } from './merge/merge-into.ts';
import { cherryPick, rebase, revert } from './merge/pick-commits.ts';
import type { Hash } from './model.ts';
import { refMoves } from './move-refs.ts';
import { CatalogReader, commitNotFound } from './reader.ts';
import type { CatalogStore } from './store/catalog-store.ts';
import { Turns } from './turns.ts';
import { editTree } from './tree/edit-tree.ts';
import { childrenOf } from './tree/children.ts';
import { findInTree, walkTree } from './tree/read-tree.ts';

interface CatalogOptions {
  readonly store: CatalogStore;
  readonly clock?: () => Date;
  readonly defaultBranch?: string;
}

/** The root commit is the same in every catalog: it has no author, no time of its own and an empty tree. */
const ROOT = {
  parents: [],
  author: '',
  message: 'Empty catalog',
  time: new Date(0),
  properties: {},
} as const;

/** Opens the catalog in a store, and makes its root commit and default branch where there are none. */
export async function createCatalog(options: CatalogOptions): Promise<Catalog> {
  const { store, clock = () => new Date(), defaultBranch = 'main' } = options;
  const reader = new CatalogReader(store, clock);
  const { nodes } = reader;
  const treeOf = async (hash: Hash) => (await reader.getCommit(hash)).tree;
  const turns = new Turns();
  const queue = new CommitQueue(reader, turns);
  await indexHistory(reader, await makeRoot(reader, defaultBranch));

  return {
    defaultBranch,
    listRefs: () => store.listRefs(),
    getRef: (name) => reader.getRef(name),
    ...refMoves(reader, defaultBranch),
    async reflog({ ref, before, limit }) {
      const entries = await store.reflog({
        limit: limit + 1,
        ...(ref === undefined ? {} : { ref }),
        ...(before === undefined ? {} : { beforeId: before }),
      });
      const page = entries.slice(0, limit);
      const last = page.at(-1);
      return { entries: page, ...(entries.length > limit && last !== undefined ? { next: last.id } : {}) };
    },
    expireReflog: (before) => store.expireReflog(before),
    roots: () => store.roots(),
    setExpired: (contents, expired) => store.setExpired([...new Set(contents.map(hashOfContent))], expired),
    async areExpired(contents) {
      const hashes = contents.map(hashOfContent);
      const expired = await store.expiredAmong([...new Set(hashes)]);
      return hashes.map((hash) => expired.has(hash));
    },
    audit: () => auditCatalog(store),

    getCommit: (hash) => reader.getCommit(hash),
    async findCommit(prefix) {
      const [hash, another] = await store.findCommits(prefix, 2);
      if (hash !== undefined && another === undefined) return reader.getCommit(hash);
      throw hash === undefined
        ? commitNotFound(prefix)
        : new AppError('COMMIT_NOT_FOUND', `More than one commit starts with ${prefix}; write more of it.`, {
            context: { commit: prefix },
          });
    },
    log: (from, logOptions) => walkLog(reader, from, logOptions),
    commitAt: (from, time) => commitAt(reader, from, time),
    relate: (a, b) => relate(reader, a, b),
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
    async listChildren(at, parent, range = {}) {
      return childrenOf(nodes, await treeOf(at), parent, range);
    },
    diff: async (from, to) => changesOf(reader, from === null ? null : await treeOf(from), await treeOf(to)),

    commit: (input) => queue.commit(input),
    merge: (input) => turns.take(input.branch, () => mergeInto(reader, input)),
    cherryPick: (input) => turns.take(input.branch, () => cherryPick(reader, input)),
    revert: (input) => turns.take(input.branch, () => revert(reader, input)),
    rebase: (input) => turns.take(input.branch, () => rebase(reader, input)),
  };
}

async function makeRoot(reader: CatalogReader, name: string): Promise<Hash> {
  const { root: tree, nodes } = await editTree(reader.nodes, null, new Map());
  const { commit, object } = encodeCommit({ ...ROOT, tree });
  if ((await reader.store.getRef(name)) !== null) return commit.hash;
  const ref = { name, type: 'BRANCH', hash: commit.hash, protection: [] } as const;
  const { author, message, hash: after } = commit;
  // Where another process is first, its root is the same.
  await reader.store.move({
    changes: [{ name, before: null, after: ref }],
    objects: { nodes, commits: [newCommit(commit, object, [])] },
    records: [recordOf(ref, 'create', { before: null, after, author, message, time: reader.clock() })],
  });
  return after;
}
