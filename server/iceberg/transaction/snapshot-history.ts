import type { Snapshot } from '#shared/iceberg/snapshot.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import { currentSnapshot } from '../metadata/lookup.ts';

export const MAIN = 'main';

/** The snapshot that a commit to a branch of the table follows; a branch that is not there begins at the current one. */
export function headOf(metadata: TableMetadata, branch: string): Snapshot | undefined {
  const ref = metadata.refs[branch];
  if (ref === undefined) return currentSnapshot(metadata);
  return metadata.snapshots.find((snapshot) => snapshot.snapshotId === ref.snapshotId);
}

/** A snapshot and those before it, newest first, as far as they are known. */
export function* ancestorsOf(metadata: TableMetadata, snapshot: Snapshot | undefined): Generator<Snapshot> {
  if (snapshot === undefined) return;
  const byId = new Map(metadata.snapshots.map((known) => [known.snapshotId, known]));
  let next: Snapshot | undefined = snapshot;
  while (next !== undefined) {
    yield next;
    // A parent that is its own ancestor would be followed for ever.
    byId.delete(next.snapshotId);
    next = next.parentSnapshotId === undefined ? undefined : byId.get(next.parentSnapshotId);
  }
}

/**
 * The snapshots after `start` up to `head`, newest first.
 *
 * @param start null: from the table's beginning
 * @returns null where `start` is no ancestor of `head`, so that what happened since is not known
 */
export function snapshotsSince(
  metadata: TableMetadata,
  start: bigint | null,
  head: Snapshot | undefined,
): readonly Snapshot[] | null {
  const since: Snapshot[] = [];
  for (const snapshot of ancestorsOf(metadata, head)) {
    if (snapshot.snapshotId === start) return since;
    since.push(snapshot);
  }
  // The oldest snapshots may have expired: then the first one known still names a parent.
  return start === null && since.at(-1)?.parentSnapshotId === undefined ? since : null;
}
