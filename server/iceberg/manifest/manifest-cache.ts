import { LRUCache } from 'lru-cache';
import type { Relocation } from '#shared/iceberg/snapshot.ts';
import { relocationKey } from '../metadata/relocation.ts';
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

  /** @param relocation by which the list's locations were moved */
  list(location: string, relocation?: Relocation): readonly ManifestFile[] | undefined {
    return this.lru.get(listKey(location, relocation)) as readonly ManifestFile[] | undefined;
  }

  keepList(location: string, manifests: readonly ManifestFile[], relocation?: Relocation): void {
    this.lru.set(listKey(location, relocation), manifests, { size: (manifests.length + 1) * ROW_BYTES });
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

function listKey(location: string, relocation: Relocation | undefined): string {
  return `list ${location} ${relocationKey(relocation)}`;
}

function viewKey(manifest: ManifestFile): string {
  const { manifestPath, sequenceNumber, partitionSpecId, firstRowId, relocation } = manifest;
  return `view ${sequenceNumber} ${partitionSpecId} ${firstRowId ?? ''} ${manifestPath} ${relocationKey(relocation)}`;
}
