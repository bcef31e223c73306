import { AppError } from '#shared/errors/app-error.ts';
import type { DataFile } from '../manifest/data-file.ts';
import { specById } from '../metadata/lookup.ts';
import { changeFiles } from './change-files.ts';
import { ConflictChecks, startOf, type ConflictRules } from './conflict-rules.ts';
import { produceSnapshot, type SnapshotInput } from './produce-snapshot.ts';
import type { RebasableCommit } from './staged-commit.ts';

export interface ReplacePartitionsInput extends SnapshotInput, Omit<ConflictRules, 'conflictFilter'> {
  /** At least one; all of one partition spec. */
  readonly dataFiles: readonly DataFile[];
}

/**
 * Dynamic overwrite: every partition that one of the files is of loses the files it had. Of an unpartitioned
 * spec, that is the whole table. Files that other specs of the table partition are left.
 *
 * @throws INVALID_INPUT when a data file does not fit; COMMIT_CONFLICT
 */
export async function replacePartitions(input: ReplacePartitionsInput): Promise<RebasableCommit> {
  const { dataFiles, isolation } = input;
  const start = startOf(input, input);
  const whole = isUnpartitioned(input);
  return produceSnapshot(
    { ...input, summary: { ...input.summary, 'replace-partitions': 'true' } },
    changeFiles({
      start,
      operation: 'overwrite',
      added: dataFiles.map((file) => ({ file })),
      removed: whole ? { filter: { op: 'true' } } : { partitionsOf: dataFiles },
      validate: async (base) => {
        if (isolation === undefined) return;
        const checks = new ConflictChecks(base, start);
        await checks.readsHold(input);
        if (isolation === 'serializable')
          await (whole ? checks.noNewData(undefined) : checks.noNewDataIn(dataFiles));
        if (!whole) return checks.noDeletesIn(dataFiles);
        await checks.noDeletedData(undefined);
        await checks.noNewDeletes(undefined);
      },
    }),
  );
}

function isUnpartitioned({ base, dataFiles }: ReplacePartitionsInput): boolean {
  const [first, ...others] = dataFiles;
  if (first === undefined || others.some((file) => file.specId !== first.specId)) {
    throw new AppError(
      'INVALID_INPUT',
      first === undefined
        ? 'There is no file that says which partitions to replace.'
        : 'The files that replace partitions are of several partition specs; write them all with one.',
      { context: { location: base.metadata.location } },
    );
  }
  return specById(base.metadata, first.specId).fields.every((field) => field.transform === 'void');
}
