import type { DataFile } from '../manifest/data-file.ts';
import { assertAddable } from './assert-addable.ts';
import { addedManifests, changeFiles } from './change-files.ts';
import { hasLiveFiles } from './filter-manifests.ts';
import { ConflictChecks, startOf, type ConflictRules } from './conflict-rules.ts';
import { produceSnapshot, type SnapshotAction, type SnapshotInput } from './produce-snapshot.ts';
import { SummaryTally } from './snapshot-summary.ts';
import type { RebasableCommit } from './staged-commit.ts';

export interface AppendFilesInput
  extends SnapshotInput, Pick<ConflictRules, 'startSnapshotId' | 'isolation' | 'readFilter'> {
  /** Already written; each of a partition spec that the table has. */
  readonly dataFiles: readonly DataFile[];
  /**
   * `fast` lists a manifest of the new files beside those there are; `merge`, where not given, also joins small
   * manifests as the table's `commit.manifest…` properties say.
   */
  readonly mode?: 'fast' | 'merge';
}

/**
 * Adds data files to a table. Other commits are never in the way of it, unless it says which rows of the table its own
 * are made of.
 *
 * @throws INVALID_INPUT when a data file does not fit; COMMIT_CONFLICT where another commit changed what was read
 */
export async function appendFiles(input: AppendFilesInput): Promise<RebasableCommit> {
  const { dataFiles, readFilter } = input;
  const start = startOf(input, input);
  return produceSnapshot(
    input,
    input.mode === 'fast' && readFilter === undefined
      ? fastAppend(dataFiles)
      : changeFiles({
          operation: 'append',
          start,
          added: dataFiles.map((file) => ({ file })),
          removed: {},
          validate: async (base) => {
            if (readFilter !== undefined) await new ConflictChecks(base, start).readsHold(input);
          },
        }),
  );
}

function fastAppend(dataFiles: readonly DataFile[]): SnapshotAction {
  const added = addedManifests(dataFiles.map((file) => ({ file })));
  return async (base) => {
    const { metadata } = base;
    assertAddable(metadata, dataFiles);
    const { data } = await added(base);
    const manifests = [...data, ...base.manifests.filter(hasLiveFiles)];
    const tally = new SummaryTally(metadata.partitionSpecs);
    for (const file of dataFiles) tally.add(file);
    tally.countManifests(base.manifests, manifests, 0);
    return { operation: 'append', manifests, tally };
  };
}
