import type { SnapshotOperation } from '#shared/iceberg/snapshot.ts';
import type { DataFile } from '../manifest/data-file.ts';
import { changeFiles } from './change-files.ts';
import { ConflictChecks, startOf, type ConflictRules } from './conflict-rules.ts';
import { produceSnapshot, type SnapshotInput } from './produce-snapshot.ts';
import { isDeletionVector } from './snapshot-summary.ts';
import type { RebasableCommit } from './staged-commit.ts';

export interface RowDeltaInput extends SnapshotInput, ConflictRules {
  /** Data files to add: inserted rows, and updated ones in their new form. */
  readonly dataFiles?: readonly DataFile[];
  /** Delete files to add; in v3 deletion vectors, with the positions of those that they follow. */
  readonly deleteFiles?: readonly DataFile[];
  /** Delete files, and data files, that go: the vectors that new ones follow, data files without a row left. */
  readonly removedFiles?: readonly DataFile[];
  /** Data files that position deletes name; those of deletion vectors are known. */
  readonly referencedDataFiles?: readonly string[];
  /** A plain DELETE does not mind that others delete the same rows; an update or merge does. `delete` where not given. */
  readonly command?: 'delete' | 'update' | 'merge';
}

/**
 * Merge-on-read: adds data files and row-level deletes in one snapshot. The data files that deletes refer to
 * must still be there. With an isolation, deletes that others added since make an update or merge fail;
 * `serializable` makes it fail where others added rows that it might have touched.
 *
 * @throws INVALID_INPUT naming a file that does not fit or is not there, or a data file that would have two
 *   deletion vectors; UNSUPPORTED in v1; COMMIT_CONFLICT
 */
export async function rowDelta(input: RowDeltaInput): Promise<RebasableCommit> {
  const { dataFiles = [], deleteFiles = [], removedFiles = [], isolation, conflictFilter } = input;
  const start = startOf(input, input);
  const vectors = new Set(
    deleteFiles.filter(isDeletionVector).flatMap((file) => file.referencedDataFile ?? []),
  );
  const named = deleteFiles.flatMap((file) => file.referencedDataFile ?? []);
  const referenced = new Set([...(input.referencedDataFiles ?? []), ...named]);
  const removedData = removedFiles.filter((file) => file.content === 'data');
  const changesRows = input.command === 'update' || input.command === 'merge';
  return produceSnapshot(
    input,
    changeFiles({
      start,
      operation: operationOf(dataFiles, deleteFiles, removedData),
      added: [...dataFiles, ...deleteFiles].map((file) => ({ file })),
      removed: { files: removedFiles },
      validate: async (base) => {
        const checks = new ConflictChecks(base, start);
        await checks.dataFilesExist(referenced, !changesRows);
        await checks.noNewVectors(vectors);
        if (isolation === undefined) return;
        await checks.readsHold(input);
        if (isolation === 'serializable') await checks.noNewData(conflictFilter);
        await checks.noNewDeletesFor(removedData, false);
        if (changesRows) await checks.noNewDeletes(conflictFilter);
      },
    }),
  );
}

function operationOf(
  added: readonly DataFile[],
  deletes: readonly DataFile[],
  removed: readonly DataFile[],
): SnapshotOperation {
  if (added.length > 0 && deletes.length === 0 && removed.length === 0) return 'append';
  return deletes.length > 0 && added.length === 0 ? 'delete' : 'overwrite';
}
