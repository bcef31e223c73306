import { LRUCache } from 'lru-cache';
import { AppError } from '#shared/errors/app-error.ts';
import { checkHash } from './canonical.ts';
import { decodeCommit } from './commit-object.ts';
import type { Commit, Hash, Ref } from './model.ts';
import { refNotFound } from './ref-not-found.ts';
import { SharedReads } from './shared-reads.ts';
import type { CatalogStore } from './store/catalog-store.ts';
import { NodeSource } from './tree/node-source.ts';

const CACHED_COMMITS = 20_000;
const MOST_AHEAD = 512;

/** What readers know in common. */
interface Known {
  readonly nodes: NodeSource;
  readonly refs: SharedReads<Ref | null>;
  readonly commits: LRUCache<Hash, Commit>;
}

/** Reads commits, refs and trees; shared by the catalog's parts. Commits never change, so they are kept. */
export class CatalogReader {
  readonly nodes: NodeSource;
  readonly store: CatalogStore;
  readonly clock: () => Date;
  private readonly refs: SharedReads<Ref | null>;
  private readonly commits: LRUCache<Hash, Commit>;

  constructor(store: CatalogStore, clock: () => Date, shared?: Known) {
    this.store = store;
    this.clock = clock;
    this.nodes = shared?.nodes ?? new NodeSource(store);
    this.refs = shared?.refs ?? new SharedReads((name) => store.getRef(name));
    // It takes its whole room at once, milliseconds that no commit should wait for.
    this.commits = shared?.commits ?? new LRUCache<Hash, Commit>({ max: CACHED_COMMITS });
  }

  /** For making commits: what is new in them can be read before it is stored. */
  scratch(): CatalogReader {
    const { refs, commits } = this;
    return new CatalogReader(this.store, this.clock, { nodes: this.nodes.scratch(), refs, commits });
  }

  /** @throws COMMIT_NOT_FOUND, CORRUPT_METADATA */
  async getCommit(hash: Hash): Promise<Commit> {
    const [commit] = await this.getCommits([hash]);
    if (commit === undefined) throw commitNotFound(hash);
    return commit;
  }

  /** Several with one question to the store, in the order asked for. */
  async getCommits(hashes: readonly Hash[]): Promise<readonly Commit[]> {
    const cached = hashes.map((hash) => this.commits.get(hash));
    const absent = hashes.filter((_, index) => cached[index] === undefined);
    const stored = absent.length === 0 ? new Map<Hash, Uint8Array>() : await this.store.getObjects(absent);
    return hashes.map((hash, index) => {
      const known = cached[index];
      if (known !== undefined) return known;
      const bytes = stored.get(hash);
      if (bytes === undefined) throw commitNotFound(hash);
      checkHash(hash, bytes);
      const commit = decodeCommit(hash, bytes);
      this.commits.set(hash, commit);
      return commit;
    });
  }

  /** Commits one by one, for a walk back through history: reads ahead along first parents, more the further it goes. */
  walker(): (hash: Hash) => Promise<Commit> {
    let ahead = 4;
    return async (hash) => {
      const known = this.commits.get(hash);
      if (known !== undefined) return known;
      ahead = Math.min(ahead * 2, MOST_AHEAD);
      await this.getCommits(await this.store.walk({ from: hash, limit: ahead }));
      return this.getCommit(hash);
    };
  }

  /** A commit that is about to be stored. */
  remember(commit: Commit): void {
    this.commits.set(commit.hash, commit);
  }

  /** @throws REF_NOT_FOUND with names that are near */
  async getRef(name: string): Promise<Ref> {
    const ref = await this.refs.get(name);
    if (ref !== null) return ref;
    const refs = await this.store.listRefs();
    throw refNotFound(
      name,
      refs.map((one) => one.name),
    );
  }
}

export function commitNotFound(hash: string): AppError {
  return new AppError('COMMIT_NOT_FOUND', `There is no commit ${hash}.`, { context: { commit: hash } });
}
