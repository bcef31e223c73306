import { LRUCache } from 'lru-cache';
import type { ManifestEntry, ManifestFile } from './data-file.ts';

/** Decoded manifests take about this many times the bytes they are compressed to. */
const EXPANSION = 12;

/** Decoded manifests and manifest lists by location. They never change, so nothing is ever out of date. */
export class ManifestCache {
  private readonly lru: LRUCache<string, readonly ManifestEntry[] | readonly ManifestFile[]>;

  /** @param maxBytes about how much memory it may take */
  constructor(maxBytes: number) {
    this.lru = new LRUCache({ maxSize: maxBytes, maxEntrySize: maxBytes });
  }

  list(location: string): readonly ManifestFile[] | undefined {
    return this.lru.get(`list ${location}`) as readonly ManifestFile[] | undefined;
  }

  keepList(location: string, manifests: readonly ManifestFile[], bytes: number): void {
    this.lru.set(`list ${location}`, manifests, { size: bytes * EXPANSION + 1 });
  }

  /**
   * By more than the location: when a commit is made again elsewhere (on another branch), its manifest is
   * listed there under another sequence number, which its entries inherit.
   */
  entries(manifest: ManifestFile): readonly ManifestEntry[] | undefined {
    return this.lru.get(entriesKey(manifest)) as readonly ManifestEntry[] | undefined;
  }

  keepEntries(manifest: ManifestFile, entries: readonly ManifestEntry[], bytes: number): void {
    this.lru.set(entriesKey(manifest), entries, { size: bytes * EXPANSION + 1 });
  }
}

function entriesKey({ manifestPath, sequenceNumber, partitionSpecId }: ManifestFile): string {
  return `entries ${sequenceNumber} ${partitionSpecId} ${manifestPath}`;
}
