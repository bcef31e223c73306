import type { Snapshot } from '#shared/iceberg/snapshot.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import type { FileIO } from '../../storage/file-io.ts';
import { loadManifest, loadManifestList } from '../manifest/load-manifests.ts';
import type { ManifestCache } from '../manifest/manifest-cache.ts';
import { currentSnapshot } from '../metadata/lookup.ts';
import { fileKeyOf } from '../transaction/file-key.ts';
import { snapshotsSince } from '../transaction/snapshot-history.ts';
import type { TableClash } from './clash.ts';
import type { FileChanges } from './file-state.ts';
import type { SidesOfTable } from './merge-specs.ts';

/** In the summary of the snapshot that a merge makes: the snapshot of theirs that it brought. */
export const MERGED_SNAPSHOT = 'merged-snapshot-id';

interface PickedInput {
  readonly io: FileIO;
  readonly sides: SidesOfTable;
  readonly mine: FileChanges;
  readonly other: FileChanges;
  readonly cache?: ManifestCache;
}

/**
 * A file that one side added, the other picked, and the first has rewritten since: its rows would be in the result
 * twice. Comparing three states can't tell, so the histories are asked where the sides have to do with each other.
 */
export async function rewrittenAfterPick(input: PickedInput): Promise<TableClash | null> {
  const { base, ours, theirs } = input.sides;
  const suspicious =
    havePicked(input.sides) ||
    hasRestored(base, ours, input.mine, input.other) ||
    hasRestored(base, theirs, input.other, input.mine);
  if (!suspicious) return null;
  for (const [metadata, own, others] of [
    [theirs, input.other, input.mine],
    [ours, input.mine, input.other],
  ] as const) {
    const passing = await passingFiles(input, base, metadata, own);
    const twice = passing === null ? undefined : [...others.added.keys()].find((key) => passing.has(key));
    if (passing !== null && twice === undefined) continue;
    const side = metadata === ours ? 'Ours' : 'Theirs';
    return {
      kind: 'SAME_ROWS_CHANGED',
      message:
        twice === undefined
          ? `The sides have picked changes from each other, and ${side.toLowerCase()} does not have its history since any more, so which rows are the same ones can't be told.`
          : `${side} has changed rows of the data file ${twice} after the other side had picked it.`,
      detail: twice === undefined ? { files: [], fileCount: 0 } : { files: [twice], fileCount: 1 },
    };
  }
  return null;
}

/** Whether one of them has, since the base, anything that the other made. */
function havePicked({ base, ours, theirs }: SidesOfTable): boolean {
  const before = new Set(base.snapshots.map(({ snapshotId }) => snapshotId));
  const later = (metadata: TableMetadata) =>
    metadata.snapshots.filter(({ snapshotId }) => !before.has(snapshotId));
  const mine = new Set(later(ours).map(({ snapshotId }) => snapshotId));
  const merged = ({ summary }: Snapshot) => summary[MERGED_SNAPSHOT] !== undefined;
  return (
    later(theirs).some((snapshot) => mine.has(snapshot.snapshotId) || merged(snapshot)) ||
    later(ours).some(merged)
  );
}

/**
 * Whether a side has files again that are older than the base, as after a revert, which leads back to a version before
 * it and leaves no snapshot: the other side may have had them again too, and rewritten them.
 */
function hasRestored(
  base: TableMetadata,
  side: TableMetadata,
  { added }: FileChanges,
  others: FileChanges,
): boolean {
  const start = currentSnapshot(base);
  const before = new Set(base.snapshots.map(({ snapshotId }) => snapshotId));
  const since =
    snapshotsSince(side, start?.snapshotId ?? null, currentSnapshot(side)) ??
    side.snapshots.filter(
      ({ snapshotId, timestampMs }) => !before.has(snapshotId) && timestampMs >= (start?.timestampMs ?? 0),
    );
  const fresh = new Set(since.map(({ snapshotId }) => snapshotId));
  const known = new Set(side.snapshots.map(({ snapshotId }) => snapshotId));
  return [...added].some(([key, { snapshotId, sequenceNumber }]) => {
    if (fresh.has(snapshotId) || others.added.has(key)) return false;
    // Of a snapshot that has expired only the number is left.
    return known.has(snapshotId) || before.has(snapshotId) || sequenceNumber <= base.lastSequenceNumber;
  });
}

/** Files that a side has added since the base and has no more; null where its history is not known that far. */
async function passingFiles(
  { io, cache }: PickedInput,
  base: TableMetadata,
  metadata: TableMetadata,
  { added }: FileChanges,
): Promise<ReadonlySet<string> | null> {
  const known = new Set(metadata.snapshots.map(({ snapshotId }) => snapshotId));
  const start = base.currentSnapshotId ?? null;
  // A base of which the side has merged rows is not in its own line: then all of that line counts.
  const from = start !== null && !known.has(start) ? null : start;
  const since = snapshotsSince(metadata, from, currentSnapshot(metadata)) ?? lineOf(metadata);
  if (since === null) return null;
  const options = cache === undefined ? {} : { cache };
  const passing = new Set<string>();
  for (const snapshot of since) {
    for (const manifest of await loadManifestList(io, snapshot, options)) {
      if (manifest.addedSnapshotId !== snapshot.snapshotId || manifest.content !== 'data') continue;
      for (const { status, dataFile } of await loadManifest(io, manifest, options)) {
        const key = fileKeyOf(dataFile);
        if (status === 'added' && !added.has(key)) passing.add(key);
      }
    }
  }
  return passing;
}

/** All of a table's line, where none of it has expired. */
function lineOf(metadata: TableMetadata): readonly Snapshot[] | null {
  return snapshotsSince(metadata, null, currentSnapshot(metadata));
}
