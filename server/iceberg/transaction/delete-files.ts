import type { Expression } from '#shared/iceberg/expression.ts';
import { changeFiles } from './change-files.ts';
import { startOf } from './conflict-rules.ts';
import { produceSnapshot, type SnapshotInput } from './produce-snapshot.ts';
import type { RebasableCommit } from './staged-commit.ts';

export interface DeleteFilesInput extends SnapshotInput {
  /** All data files whose rows satisfy it; it must say the whole condition (see strictMatcher). */
  readonly filter?: Expression;
  /** Data files by location. */
  readonly paths?: readonly string[];
  /** Whether one of `paths` may be gone already; not where not given. */
  readonly mayMiss?: boolean;
}

/**
 * Deletes data files by metadata alone. What others add meanwhile and the filter matches goes too: this rests
 * on no rows that were read.
 *
 * @throws INVALID_INPUT naming a file of which the filter matches only a part (context.conflict:
 *   'partial-match'), or that is not there; COMMIT_CONFLICT where that is another commit's doing
 */
export async function deleteFiles(input: DeleteFilesInput): Promise<RebasableCommit> {
  const { filter, paths = [], mayMiss = false } = input;
  return produceSnapshot(
    input,
    changeFiles({
      start: startOf({}, input),
      operation: 'delete',
      added: [],
      removed: { paths, ...(filter === undefined ? {} : { filter }) },
      mayMiss,
    }),
  );
}
