import type { StatisticsFile, TableMetadata } from '#shared/iceberg/table-metadata.ts';
import type { TableUpdate } from '#shared/iceberg/table-update.ts';
import { threeWay } from './clash.ts';
import type { SidesOfTable } from './merge-specs.ts';

/**
 * Statistics files of the snapshots that the result has. They say nothing that the files do not, so that where both
 * sides computed those of one snapshot, ours stay.
 *
 * @param start ours, with the snapshots of theirs that the result takes over
 */
export function mergeStatistics(sides: SidesOfTable, start: TableMetadata): readonly TableUpdate[] {
  const kept = new Set(start.snapshots.map(({ snapshotId }) => snapshotId));
  const theirs = new Set(sides.theirs.snapshots.map(({ snapshotId }) => snapshotId));
  const changes = (kind: 'statistics' | 'partitionStatistics') => {
    const [base, ours, other] = [sides.base, sides.ours, sides.theirs].map((side) => bySnapshot(side[kind]));
    const updates: { readonly snapshotId: bigint; readonly file: StatisticsFile | undefined }[] = [];
    for (const snapshotId of kept) {
      // Who has expired a snapshot says nothing of its statistics.
      if (!theirs.has(snapshotId)) continue;
      const [was, mine, its] = [base, ours, other].map((files) => files?.get(snapshotId));
      const merged = threeWay(was?.json, mine?.json, its?.json);
      if (merged !== undefined && merged.value !== mine?.json) updates.push({ snapshotId, file: its });
    }
    return updates;
  };
  return [
    ...changes('statistics').map(({ snapshotId, file }): TableUpdate =>
      file === undefined
        ? { action: 'remove-statistics', snapshotId }
        : { action: 'set-statistics', statistics: file },
    ),
    ...changes('partitionStatistics').map(({ snapshotId, file }): TableUpdate =>
      file === undefined
        ? { action: 'remove-partition-statistics', snapshotId }
        : { action: 'set-partition-statistics', partitionStatistics: file },
    ),
  ];
}

function bySnapshot(files: readonly StatisticsFile[]): ReadonlyMap<bigint, StatisticsFile> {
  return new Map(files.map((file) => [file.snapshotId, file]));
}
