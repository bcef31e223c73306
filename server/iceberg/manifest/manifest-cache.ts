import { LRUCache } from 'lru-cache';
import type { ManifestEntry, ManifestFile } from './data-file.ts';

/** About what one decoded file, or one row of a manifest list, takes without its metrics. */
const ENTRY_BYTES = 800;
/** About what one value in the metrics of a file takes: a map's slot and a bigint or an array. */
const METRIC_BYTES = 100;

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

  keepList(location: string, manifests: readonly ManifestFile[]): void {
    this.lru.set(`list ${location}`, manifests, { size: (manifests.length + 1) * ENTRY_BYTES });
  }

  /**
   * By more than the location: when a commit is made again elsewhere (on another branch), its manifest is
   * listed there under another sequence number and first row id, which its entries inherit.
   */
  entries(manifest: ManifestFile): readonly ManifestEntry[] | undefined {
    return this.lru.get(entriesKey(manifest)) as readonly ManifestEntry[] | undefined;
  }

  keepEntries(manifest: ManifestFile, entries: readonly ManifestEntry[]): void {
    this.lru.set(entriesKey(manifest), entries, { size: sizeOf(entries) });
  }
}

function entriesKey({ manifestPath, sequenceNumber, partitionSpecId, firstRowId }: ManifestFile): string {
  return `entries ${sequenceNumber} ${partitionSpecId} ${firstRowId ?? ''} ${manifestPath}`;
}

function sizeOf(entries: readonly ManifestEntry[]): number {
  let metrics = 0;
  for (const { dataFile } of entries) {
    metrics += dataFile.columnSizes?.size ?? 0;
    metrics += dataFile.valueCounts?.size ?? 0;
    metrics += dataFile.nullValueCounts?.size ?? 0;
    metrics += dataFile.nanValueCounts?.size ?? 0;
    metrics += dataFile.lowerBounds?.size ?? 0;
    metrics += dataFile.upperBounds?.size ?? 0;
  }
  return (entries.length + 1) * ENTRY_BYTES + metrics * METRIC_BYTES;
}
