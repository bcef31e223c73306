import type { PartitionSpec } from '#shared/iceberg/partition.ts';
import type { Snapshot, SnapshotOperation, SnapshotSummary } from '#shared/iceberg/snapshot.ts';
import type { DataFile, ManifestFile } from '../manifest/data-file.ts';
import { partitionKey } from '../scan/partition-key.ts';

/** Each total of a summary, with the members that it grows and shrinks by. */
const TOTALS = [
  ['total-records', 'added-records', 'deleted-records'],
  ['total-files-size', 'added-files-size', 'removed-files-size'],
  ['total-data-files', 'added-data-files', 'deleted-data-files'],
  ['total-delete-files', 'added-delete-files', 'removed-delete-files'],
  ['total-position-deletes', 'added-position-deletes', 'removed-position-deletes'],
  ['total-equality-deletes', 'added-equality-deletes', 'removed-equality-deletes'],
] as const;

/** Counts what a snapshot adds and removes, under the names that the Java library's summaries have. */
export class SummaryTally {
  readonly #counts = new Map<string, bigint>();
  readonly #partitions = new Set<string>();
  readonly #specs: readonly PartitionSpec[];

  constructor(specs: readonly PartitionSpec[]) {
    this.#specs = specs;
  }

  add(file: DataFile): void {
    this.#count(file, 'added', 'added');
  }

  remove(file: DataFile): void {
    this.#count(file, 'removed', 'deleted');
  }

  /**
   * @param before the manifests of the parent
   * @param after those of the new snapshot
   * @param replaced how many of the parent's were written anew without some of their files
   */
  countManifests(before: readonly ManifestFile[], after: readonly ManifestFile[], replaced: number): void {
    const known = new Set(before.map((manifest) => manifest.manifestPath));
    const kept = after.filter((manifest) => known.has(manifest.manifestPath)).length;
    this.set('manifests-created', after.length - kept);
    this.set('manifests-kept', kept);
    this.set('manifests-replaced', replaced);
  }

  /** Something beside the files. */
  set(name: string, count: number): void {
    this.#counts.set(name, BigInt(count));
  }

  /**
   * @param parent the snapshot that the new one follows; a total that it does not say is not guessed
   * @param extra properties of the caller's own, e.g. which engine wrote it
   */
  summary(
    operation: SnapshotOperation,
    parent: Snapshot | undefined,
    extra: Readonly<Record<string, string>>,
  ): SnapshotSummary {
    const summary: Record<string, string> = { ...extra };
    for (const [name, count] of this.#counts) summary[name] = String(count);
    summary['changed-partition-count'] = String(this.#partitions.size);
    for (const [total, added, removed] of TOTALS) {
      const before = parent === undefined ? '0' : parent.summary[total];
      if (before === undefined || !/^\d{1,19}$/.test(before)) continue;
      const now = BigInt(before) + (this.#counts.get(added) ?? 0n) - (this.#counts.get(removed) ?? 0n);
      if (now >= 0n) summary[total] = String(now);
    }
    return { ...summary, operation };
  }

  #count(file: DataFile, files: 'added' | 'removed', data: 'added' | 'deleted'): void {
    const spec = this.#specs.find((spec) => spec.specId === file.specId);
    this.#partitions.add(partitionKey(file, spec));
    this.#increase(`${files}-files-size`, file.contentSizeInBytes ?? file.fileSizeInBytes);
    if (file.content === 'data') {
      this.#increase(`${data}-data-files`, 1n);
      this.#increase(`${data}-records`, file.recordCount);
      return;
    }
    this.#increase(`${files}-delete-files`, 1n);
    const kind = file.content === 'position-deletes' ? 'position' : 'equality';
    this.#increase(`${files}-${kind}-deletes`, file.recordCount);
    this.#increase(isDeletionVector(file) ? `${files}-dvs` : `${files}-${kind}-delete-files`, 1n);
  }

  #increase(name: string, by: bigint): void {
    if (by > 0n) this.#counts.set(name, (this.#counts.get(name) ?? 0n) + by);
  }
}

export function isDeletionVector(file: DataFile): boolean {
  return file.content === 'position-deletes' && file.fileFormat === 'PUFFIN';
}
