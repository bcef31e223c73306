import { LRUCache } from 'lru-cache';
import { AppError } from '#shared/errors/app-error.ts';
import { checkHash } from '../canonical.ts';
import type { Hash } from '../model.ts';
import type { CatalogStore } from '../store/catalog-store.ts';
import { decodeNode, type EncodedNode, type TreeNode } from './node.ts';

const CACHE_BYTES = 64 * 1024 * 1024;
/** A decoded node takes about this many times the bytes of its text. */
const DECODED_FACTOR = 3;

/** Tree nodes by hash. A node never changes, so what was read once is kept, in about 64 MiB of memory. */
export class NodeSource {
  /** Nodes fetched from the store so far: what tests and metrics look at. */
  fetched = 0;
  private cache = new LRUCache<Hash, TreeNode>({ maxSize: CACHE_BYTES });
  /** Nodes that are not stored yet, so they must not fall out of the cache. */
  private pinned: Map<Hash, TreeNode> | null = null;
  private readonly store: Pick<CatalogStore, 'getObjects'>;

  constructor(store: Pick<CatalogStore, 'getObjects'>) {
    this.store = store;
  }

  /** The same with room for nodes that are made and read before they are stored, however many. */
  scratch(): NodeSource {
    const scratch = new NodeSource(this.store);
    scratch.cache = this.cache;
    scratch.pinned = new Map(this.pinned);
    return scratch;
  }

  /** @throws AppError CORRUPT_METADATA where the store has lost or changed it */
  async get(hash: Hash): Promise<TreeNode> {
    const [node] = await this.getAll([hash]);
    if (node === undefined) throw missing(hash);
    return node;
  }

  /** Several nodes with one question to the store, in the order asked for. */
  async getAll(hashes: readonly Hash[]): Promise<readonly TreeNode[]> {
    const cached = hashes.map((hash) => this.cache.get(hash) ?? this.pinned?.get(hash));
    const absent = [...new Set(hashes.filter((_, index) => cached[index] === undefined))];
    if (absent.length === 0) return cached.filter((node) => node !== undefined);
    const stored = await this.store.getObjects(absent);
    const read = new Map<Hash, TreeNode>();
    for (const hash of absent) {
      const bytes = stored.get(hash);
      if (bytes === undefined) throw missing(hash);
      checkHash(hash, bytes);
      this.fetched++;
      read.set(hash, this.keep({ hash, bytes }));
    }
    return hashes.flatMap((hash, index) => cached[index] ?? read.get(hash) ?? []);
  }

  /** A node that is about to be stored. */
  remember(encoded: EncodedNode): void {
    const node = this.keep(encoded);
    this.pinned?.set(encoded.hash, node);
  }

  private keep({ hash, bytes }: EncodedNode): TreeNode {
    const node = decodeNode(bytes, hash);
    this.cache.set(hash, node, { size: bytes.length * DECODED_FACTOR + 1 });
    return node;
  }
}

function missing(hash: Hash): AppError {
  return new AppError(
    'CORRUPT_METADATA',
    `The catalog's object ${hash} is missing from the metadata database.`,
    {
      context: { hash },
    },
  );
}
