import type { Expression } from '#shared/iceberg/expression.ts';
import type { DataFile } from '../manifest/data-file.ts';
import { changeFiles } from './change-files.ts';
import { ConflictChecks, startOf, type ConflictRules } from './conflict-rules.ts';
import { produceSnapshot, type SnapshotInput } from './produce-snapshot.ts';
import type { RebasableCommit } from './staged-commit.ts';

export interface OverwriteFilesInput extends SnapshotInput, ConflictRules {
  /** Data files to add. */
  readonly dataFiles: readonly DataFile[];
  /** Data files to delete, as the table lists them; delete files too, where they go with them. */
  readonly deletedFiles?: readonly DataFile[];
  /** Data files to delete: all whose rows satisfy it. It must say the whole condition (see strictMatcher). */
  readonly overwriteFilter?: Expression;
}

/**
 * Deletes data files and adds others in their place: copy-on-write, INSERT OVERWRITE by filter. With an
 * isolation, the commit fails where another one since has deleted rows of the same files or of the filter's;
 * `serializable` also where one has added such rows.
 *
 * @throws INVALID_INPUT naming a file that does not fit, that is not there, or of which the filter matches only
 *   a part (context.conflict: 'partial-match'); COMMIT_CONFLICT
 */
export async function overwriteFiles(input: OverwriteFilesInput): Promise<RebasableCommit> {
  const { dataFiles, deletedFiles = [], overwriteFilter, isolation } = input;
  const start = startOf(input, input);
  const deletes = deletedFiles.length > 0 || overwriteFilter !== undefined;
  const filter = input.conflictFilter ?? (deletedFiles.length > 0 ? undefined : overwriteFilter);
  return produceSnapshot(
    input,
    changeFiles({
      start,
      operation: !deletes ? 'append' : dataFiles.length === 0 ? 'delete' : 'overwrite',
      added: dataFiles.map((file) => ({ file })),
      removed: {
        files: deletedFiles,
        ...(overwriteFilter === undefined ? {} : { filter: overwriteFilter }),
      },
      validate: async (base) => {
        if (isolation === undefined) return;
        const checks = new ConflictChecks(base, start);
        await checks.readsHold(input);
        if (isolation === 'serializable') await checks.noNewData(filter);
        if (overwriteFilter !== undefined) {
          await checks.noNewDeletes(input.conflictFilter ?? overwriteFilter);
          await checks.noDeletedData(input.conflictFilter ?? overwriteFilter);
        }
        const data = deletedFiles.filter((file) => file.content === 'data');
        await checks.noNewDeletesFor(data, false);
      },
    }),
  );
}
