import type { PartitionSpec } from '#shared/iceberg/partition.ts';
import { compareValues, type IcebergValue } from '#shared/iceberg/values.ts';
import type { DataFile, ManifestEntry, ManifestFile } from '../manifest/data-file.ts';
import { specById } from '../metadata/lookup.ts';
import { hasLiveFiles } from './filter-manifests.ts';
import {
  produceSnapshot,
  type SnapshotAction,
  type SnapshotBase,
  type SnapshotInput,
} from './produce-snapshot.ts';
import { asExisting, isLive } from './snapshot-scratch.ts';
import { SummaryTally } from './snapshot-summary.ts';
import type { RebasableCommit } from './staged-commit.ts';

export interface RewriteManifestsInput extends SnapshotInput {
  /** Which manifests to rewrite; all where not given. */
  readonly selects?: (manifest: ManifestFile) => boolean;
}

/** What a rewrite made of some manifests. */
interface Rewrite {
  readonly from: readonly ManifestFile[];
  readonly to: readonly ManifestFile[];
  readonly entries: number;
}

/**
 * Writes the entries of manifests anew, in the order of their partitions and in manifests of the table's target
 * size, so that a scan of few partitions reads few manifests. Files and rows stay as they are. Commits that only
 * add manifests are not in the way of it; where one rewrote some of them, this begins anew.
 */
export async function rewriteManifests(input: RewriteManifestsInput): Promise<RebasableCommit> {
  return produceSnapshot(input, rewrite(input.selects ?? (() => true)));
}

function rewrite(selects: (manifest: ManifestFile) => boolean): SnapshotAction {
  let done: Rewrite | undefined;
  return async (base) => {
    const listed = new Set(base.manifests.map((manifest) => manifest.manifestPath));
    if (done?.from.every((manifest) => listed.has(manifest.manifestPath)) !== true)
      done = await rewriteAll(base, base.manifests.filter(selects));
    const gone = new Set(done.from.map((manifest) => manifest.manifestPath));
    const kept = base.manifests.filter(
      (manifest) => !gone.has(manifest.manifestPath) && hasLiveFiles(manifest),
    );
    const manifests = [...done.to, ...kept];
    const tally = new SummaryTally(base.metadata.partitionSpecs);
    tally.countManifests(base.manifests, manifests, done.from.length);
    tally.set('entries-processed', done.entries);
    return { operation: 'replace', manifests, tally };
  };
}

async function rewriteAll(base: SnapshotBase, from: readonly ManifestFile[]): Promise<Rewrite> {
  const { scratch, metadata } = base;
  const to: ManifestFile[] = [];
  let count = 0;
  for (const content of ['data', 'deletes'] as const) {
    const entries: ManifestEntry[] = [];
    for (const manifest of from)
      if (manifest.content === content) entries.push(...(await scratch.entriesOf(manifest)).filter(isLive));
    count += entries.length;
    for (const specId of [...new Set(entries.map((entry) => entry.dataFile.specId))].sort((a, b) => b - a)) {
      const spec = specById(metadata, specId);
      const own = entries.filter((entry) => entry.dataFile.specId === specId);
      own.sort((a, b) => comparePartitions(spec, a.dataFile, b.dataFile));
      to.push(...(await scratch.writeManifests(metadata, specId, content, own.map(asExisting))));
    }
  }
  return { from, to, entries: count };
}

/** Nulls and NaNs, which have no order, last. */
function comparePartitions(spec: PartitionSpec, a: DataFile, b: DataFile): number {
  for (const { fieldId } of spec.fields) {
    const x = a.partition.get(fieldId) ?? null;
    const y = b.partition.get(fieldId) ?? null;
    const order = rank(x) - rank(y) || (x === null || y === null ? 0 : compareValues(x, y) || 0);
    if (order !== 0) return order;
  }
  return 0;
}

function rank(value: IcebergValue | null): number {
  return value === null ? 2 : Number.isNaN(value) ? 1 : 0;
}
