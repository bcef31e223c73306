import { LRUCache } from 'lru-cache';
import { AppError } from '#shared/errors/app-error.ts';
import type { Hash } from '../model.ts';
import type { CatalogStore } from '../store/catalog-store.ts';
import { decodeNode, type EncodedNode, type TreeNode } from './node.ts';

const CACHE_BYTES = 64 * 1024 * 1024;

/** Tree nodes by hash. A node never changes, so what was read once is kept, up to 64 MiB. */
export class NodeSource {
  /** Nodes fetched from the store so far: what tests and metrics look at. */
  fetched = 0;
  private readonly cache = new LRUCache<Hash, TreeNode>({ maxSize: CACHE_BYTES });
  private readonly store: Pick<CatalogStore, 'getObjects'>;

  constructor(store: Pick<CatalogStore, 'getObjects'>) {
    this.store = store;
  }

  /** @throws CORRUPT_METADATA where the store has lost it */
  async get(hash: Hash): Promise<TreeNode> {
    const cached = this.cache.get(hash);
    if (cached !== undefined) return cached;
    const bytes = (await this.store.getObjects([hash])).get(hash);
    if (bytes === undefined) {
      throw new AppError('CORRUPT_METADATA', `The catalog's object ${hash} is missing.`, {
        context: { hash },
      });
    }
    this.fetched++;
    return this.remember({ hash, bytes });
  }

  /** A node that is about to be stored. */
  remember({ hash, bytes }: EncodedNode): TreeNode {
    const node = decodeNode(bytes, hash);
    this.cache.set(hash, node, { size: bytes.length + 1 });
    return node;
  }
}
