import { LRUCache } from 'lru-cache';
import type { ManifestFile } from './data-file.ts';
import type { ManifestView } from './manifest-view.ts';

/** About what one row of a manifest list takes. */
const ROW_BYTES = 800;

/** Manifests and manifest lists by location. They never change, so nothing is ever out of date. */
export class ManifestCache {
  private readonly lru: LRUCache<string, ManifestView | readonly ManifestFile[]>;

  /** @param maxBytes about how much memory it may take */
  constructor(maxBytes: number) {
    this.lru = new LRUCache({ maxSize: maxBytes, maxEntrySize: maxBytes });
  }

  list(location: string): readonly ManifestFile[] | undefined {
    return this.lru.get(`list ${location}`) as readonly ManifestFile[] | undefined;
  }

  keepList(location: string, manifests: readonly ManifestFile[]): void {
    this.lru.set(`list ${location}`, manifests, { size: (manifests.length + 1) * ROW_BYTES });
  }

  /**
   * By more than the location: when a commit is made again elsewhere (on another branch), its manifest is
   * listed there under another sequence number and first row id, which its entries inherit.
   */
  view(manifest: ManifestFile): ManifestView | undefined {
    return this.lru.get(viewKey(manifest)) as ManifestView | undefined;
  }

  /** Also one that it has, which may have grown. */
  keepView(view: ManifestView): void {
    this.lru.set(viewKey(view.manifest), view, { size: view.memory + ROW_BYTES });
  }
}

function viewKey({ manifestPath, sequenceNumber, partitionSpecId, firstRowId }: ManifestFile): string {
  return `view ${sequenceNumber} ${partitionSpecId} ${firstRowId ?? ''} ${manifestPath}`;
}
