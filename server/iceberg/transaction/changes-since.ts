import { AppError } from '#shared/errors/app-error.ts';
import type { Snapshot, SnapshotOperation } from '#shared/iceberg/snapshot.ts';
import type { DataFile, EntryStatus, ManifestFile } from '../manifest/data-file.ts';
import { loadManifestList } from '../manifest/load-manifests.ts';
import type { SnapshotBase } from './produce-snapshot.ts';
import { snapshotsSince } from './snapshot-history.ts';

/** A file that another commit added or deleted. */
export interface ForeignChange {
  readonly file: DataFile;
  readonly snapshot: Snapshot;
}

/** What commits have done to the files of a branch after the snapshot at which an operation read its rows. */
export class ChangesSince {
  readonly #base: SnapshotBase;
  readonly #snapshots: readonly Snapshot[];

  /** @throws COMMIT_CONFLICT where that snapshot is not in the branch's past, as after a rollback */
  constructor(base: SnapshotBase, start: bigint | null) {
    const since = snapshotsSince(base.metadata, start, base.parent);
    if (since === null) throw unknownHistory(base, start);
    this.#base = base;
    this.#snapshots = since;
  }

  /** Files that snapshots of some operations added or deleted, by these snapshots' own manifests. */
  async *files(
    status: Exclude<EntryStatus, 'existing'>,
    content: ManifestFile['content'],
    operations: readonly SnapshotOperation[],
  ): AsyncGenerator<ForeignChange> {
    const { scratch } = this.#base;
    const options = scratch.cache === undefined ? {} : { cache: scratch.cache };
    for (const snapshot of this.#snapshots) {
      if (!operations.includes(snapshot.summary.operation)) continue;
      for (const manifest of await loadManifestList(scratch.io, snapshot, options)) {
        if (manifest.addedSnapshotId !== snapshot.snapshotId || manifest.content !== content) continue;
        if ((status === 'added' ? manifest.addedFilesCount : manifest.deletedFilesCount) === 0) continue;
        for (const entry of await scratch.entriesOf(manifest)) {
          if (entry.status === status && entry.snapshotId === snapshot.snapshotId)
            yield { file: entry.dataFile, snapshot };
        }
      }
    }
  }
}

function unknownHistory({ metadata, parent }: SnapshotBase, start: bigint | null): AppError {
  return new AppError(
    'COMMIT_CONFLICT',
    `What happened to the table at ${metadata.location} since ${start === null ? 'it was empty' : `snapshot ${start}`} is not known any more: it was rolled back, or its snapshots expired. Begin the operation anew.`,
    { context: { conflict: 'unknown-history', startSnapshotId: start, snapshotId: parent?.snapshotId } },
  );
}
