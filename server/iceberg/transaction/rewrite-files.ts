import { AppError } from '#shared/errors/app-error.ts';
import type { DataFile } from '../manifest/data-file.ts';
import { changeFiles } from './change-files.ts';
import { ConflictChecks, startOf, type ConflictRules } from './conflict-rules.ts';
import { produceSnapshot, type SnapshotInput } from './produce-snapshot.ts';
import type { RebasableCommit } from './staged-commit.ts';

export interface RewriteFilesInput extends SnapshotInput, Pick<ConflictRules, 'startSnapshotId'> {
  /** Data and delete files that go, as the table lists them. */
  readonly replacedFiles: readonly DataFile[];
  /** Data and delete files with the same rows. */
  readonly addedFiles: readonly DataFile[];
  /**
   * That of the added data files: the sequence number of the snapshot that their rows were read at, so that
   * equality deletes made since still apply to them. Without it such deletes are a conflict.
   */
  readonly dataSequenceNumber?: bigint;
}

/**
 * Puts other files in the place of some, with the same rows: compaction. Fails where another commit since has
 * removed one of them, or deleted rows of one by position.
 *
 * @throws INVALID_INPUT naming a file that does not fit or is not there; COMMIT_CONFLICT
 */
export async function rewriteFiles(input: RewriteFilesInput): Promise<RebasableCommit> {
  const { replacedFiles, addedFiles, dataSequenceNumber } = input;
  const start = startOf(input, input);
  const data = replacedFiles.filter((file) => file.content === 'data');
  if (
    replacedFiles.length === 0 ||
    (data.length === 0 && addedFiles.some((file) => file.content === 'data'))
  ) {
    throw new AppError(
      'INVALID_INPUT',
      'A rewrite names the files that it replaces: data files in the place of data files.',
      { context: { location: input.base.metadata.location } },
    );
  }
  return produceSnapshot(
    input,
    changeFiles({
      start,
      operation: 'replace',
      added: addedFiles.map((file) =>
        file.content === 'data' && dataSequenceNumber !== undefined ? { file, dataSequenceNumber } : { file },
      ),
      removed: { files: replacedFiles },
      validate: async (base) => {
        const checks = new ConflictChecks(base, start);
        await checks.noNewDeletesFor(data, dataSequenceNumber !== undefined);
      },
    }),
  );
}
