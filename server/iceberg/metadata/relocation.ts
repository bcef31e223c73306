import type { Relocation } from '#shared/iceberg/snapshot.ts';
import type { StatisticsFile, TableMetadata } from '#shared/iceberg/table-metadata.ts';
import { restBelow } from '../deletes/file-identity.ts';

/**
 * Where a file of a table that was moved lies now. Of several rules the longest that fits holds; a location that
 * none fits stays as it is. A rule fits however its scheme is written: s3 and s3a, file:/x and file:///x and /x.
 */
export function relocate(location: string, rules: Relocation | undefined): string {
  let moved = location;
  let longest = -1;
  for (const { from, to } of rules ?? []) {
    const rest = from.length > longest ? restBelow(from, location) : null;
    if (rest === null) continue;
    longest = from.length;
    moved = `${to.replace(/\/+$/, '')}${rest}`;
  }
  return moved;
}

/** Equal for rules that say the same; '' where there are none. */
export function relocationKey(rules: Relocation | undefined): string {
  return rules === undefined ? '' : JSON.stringify(rules.map(({ from, to }) => [from, to]));
}

/** Every location in a table's metadata, moved; what its snapshots name is moved when it is read. */
export function relocateMetadata(metadata: TableMetadata, rules: Relocation): TableMetadata {
  const move = (location: string) => relocate(location, rules);
  const moveStatistics = ({ snapshotId, json }: StatisticsFile): StatisticsFile => {
    const path = json['statistics-path'];
    return { snapshotId, json: typeof path === 'string' ? { ...json, 'statistics-path': move(path) } : json };
  };
  return {
    ...metadata,
    location: move(metadata.location),
    snapshots: metadata.snapshots.map((snapshot) => ({
      ...snapshot,
      ...(snapshot.manifestList === undefined ? {} : { manifestList: move(snapshot.manifestList) }),
      ...(snapshot.manifests === undefined ? {} : { manifests: snapshot.manifests.map(move) }),
      relocation: rules,
    })),
    metadataLog: metadata.metadataLog.map((entry) => ({ ...entry, metadataFile: move(entry.metadataFile) })),
    statistics: metadata.statistics.map(moveStatistics),
    partitionStatistics: metadata.partitionStatistics.map(moveStatistics),
  };
}
