import { AppError } from '#shared/errors/app-error.ts';
import type { Expression } from '#shared/iceberg/expression.ts';
import type { SnapshotOperation } from '#shared/iceberg/snapshot.ts';
import type { LoadedTable } from '../metadata/load.ts';
import { conjunctsOf } from '../scan/file-pruner.ts';
import { partitionKey } from '../scan/partition-key.ts';
import type { DataFile } from '../manifest/data-file.ts';
import { ChangesSince, type ForeignChange } from './changes-since.ts';
import { deletesMayApply } from './deletes-may-apply.ts';
import type { SnapshotBase } from './produce-snapshot.ts';
import { headOf, MAIN } from './snapshot-history.ts';
import { schemasNewestFirst } from './snapshot-scratch.ts';
import { isDeletionVector } from './snapshot-summary.ts';

/**
 * `serializable`: as if the operations had run one after the other. `snapshot`: rows that another commit has
 * added meanwhile may stay out of an operation, which would have touched them had it run later.
 */
export type Isolation = 'serializable' | 'snapshot';

/** How an operation that rests on rows it has read gets on with what other commits did meanwhile. */
export interface ConflictRules {
  /** The snapshot that the rows were read at (null: the table had none); the branch's in `base` where not given. */
  readonly startSnapshotId?: bigint | null;
  /** Which rows were read; what happened to others is of no matter. All where not given. */
  readonly conflictFilter?: Expression;
  /** Not given: nothing is compared but whether the files to be removed are there. */
  readonly isolation?: Isolation;
  /**
   * Which rows were read beside those that the operation changes, such as those that new rows are made of. Under
   * `serializable` no other commit may have added or deleted one of them.
   */
  readonly readFilter?: Expression;
}

/** The snapshot that an operation has read. */
export function startOf(
  rules: ConflictRules,
  { base, targetBranch }: { readonly base: LoadedTable; readonly targetBranch?: string },
): bigint | null {
  if (rules.startSnapshotId !== undefined) return rules.startSnapshotId;
  return headOf(base.metadata, targetBranch ?? MAIN)?.snapshotId ?? null;
}

/** The checks of the Java library's operations, of which each operation picks its own. All throw COMMIT_CONFLICT. */
export class ConflictChecks {
  readonly #base: SnapshotBase;
  readonly #changes: ChangesSince;

  constructor(base: SnapshotBase, start: bigint | null) {
    this.#base = base;
    this.#changes = new ChangesSince(base, start);
  }

  /** The rows that were read for new ones are what they were; files that only hold them otherwise are no matter. */
  async readsHold({ readFilter, isolation }: ConflictRules): Promise<void> {
    if (readFilter === undefined || isolation !== 'serializable') return;
    await this.noNewData(readFilter);
    await this.noNewDeletes(readFilter);
    await this.noDeletedData(readFilter, ['overwrite', 'delete']);
  }

  /** No data file was added that may have a row of the filter's. */
  async noNewData(filter: Expression | undefined): Promise<void> {
    const matches = this.#mayMatch(filter, 'matchesFile');
    for await (const change of this.#changes.files('added', 'data', ['append', 'overwrite']))
      if (matches(change.file)) throw conflict('added-data-file', change);
  }

  /** No data file was added to one of the partitions that these files are of. */
  async noNewDataIn(partitionsOf: readonly DataFile[]): Promise<void> {
    const partitions = new Set(partitionsOf.map((file) => this.#partition(file)));
    for await (const change of this.#changes.files('added', 'data', ['append', 'overwrite']))
      if (partitions.has(this.#partition(change.file))) throw conflict('added-data-file', change);
  }

  /** No delete file was added that may delete a row of the filter's. */
  async noNewDeletes(filter: Expression | undefined): Promise<void> {
    const matches = this.#mayMatch(filter, 'matchesPartition');
    for await (const change of this.#changes.files('added', 'deletes', ['overwrite', 'delete']))
      if (matches(change.file)) throw conflict('added-delete-file', change);
  }

  /** Neither were delete files added to these partitions, nor data files deleted from them. */
  async noDeletesIn(partitionsOf: readonly DataFile[]): Promise<void> {
    const partitions = new Set(partitionsOf.map((file) => this.#partition(file)));
    for await (const change of this.#changes.files('added', 'deletes', ['overwrite', 'delete']))
      if (partitions.has(this.#partition(change.file))) throw conflict('added-delete-file', change);
    for await (const change of this.#changes.files('deleted', 'data', ['overwrite', 'replace', 'delete']))
      if (partitions.has(this.#partition(change.file))) throw conflict('deleted-data-file', change);
  }

  /**
   * No delete file was added that may apply to one of the files.
   *
   * @param byPositionOnly equality deletes are no matter where the new files keep the data sequence number
   */
  async noNewDeletesFor(files: readonly DataFile[], byPositionOnly: boolean): Promise<void> {
    if (files.length === 0) return;
    const mayApply = deletesMayApply(files, this.#base.metadata.partitionSpecs);
    for await (const change of this.#changes.files('added', 'deletes', ['overwrite', 'delete'])) {
      if (byPositionOnly && change.file.content === 'equality-deletes') continue;
      if (mayApply(change.file)) throw conflict('added-delete-file', change);
    }
  }

  /** No data file was deleted that may have had a row of the filter's. */
  async noDeletedData(
    filter: Expression | undefined,
    by: readonly SnapshotOperation[] = ['overwrite', 'replace', 'delete'],
  ): Promise<void> {
    const matches = this.#mayMatch(filter, 'matchesFile');
    for await (const change of this.#changes.files('deleted', 'data', by))
      if (matches(change.file)) throw conflict('deleted-data-file', change);
  }

  /**
   * The data files are still there.
   *
   * @param mayBeDeleted whether one may be gone because all of its rows were deleted
   */
  async dataFilesExist(paths: ReadonlySet<string>, mayBeDeleted: boolean): Promise<void> {
    if (paths.size === 0) return;
    const operations = mayBeDeleted
      ? (['overwrite', 'replace'] as const)
      : (['overwrite', 'replace', 'delete'] as const);
    for await (const change of this.#changes.files('deleted', 'data', operations))
      if (paths.has(change.file.filePath)) throw conflict('deleted-data-file', change);
  }

  /** No deletion vector was added for one of the data files. */
  async noNewVectors(paths: ReadonlySet<string>): Promise<void> {
    if (paths.size === 0) return;
    for await (const change of this.#changes.files('added', 'deletes', ['overwrite', 'delete', 'replace'])) {
      const target = isDeletionVector(change.file) ? change.file.referencedDataFile : undefined;
      if (target !== undefined && paths.has(target)) throw conflict('added-deletion-vector', change);
    }
  }

  #mayMatch(
    filter: Expression | undefined,
    how: 'matchesFile' | 'matchesPartition',
  ): (file: DataFile) => boolean {
    const { metadata } = this.#base;
    const conjuncts = conjunctsOf(
      filter ?? { op: 'true' },
      schemasNewestFirst(metadata),
      metadata.partitionSpecs,
    );
    return (file) => conjuncts.every((conjunct) => conjunct[how](file));
  }

  #partition(file: DataFile): string {
    const { partitionSpecs } = this.#base.metadata;
    return partitionKey(
      file,
      partitionSpecs.find((spec) => spec.specId === file.specId),
    );
  }
}

const MESSAGES = {
  'added-data-file': 'added the data file',
  'deleted-data-file': 'deleted the data file',
  'added-delete-file': 'added the delete file',
  'added-deletion-vector': 'added a deletion vector in',
};

function conflict(kind: keyof typeof MESSAGES, { file, snapshot }: ForeignChange): AppError {
  return new AppError(
    'COMMIT_CONFLICT',
    `Another commit (snapshot ${snapshot.snapshotId}) has ${MESSAGES[kind]} ${file.filePath}, and this one rests on rows that it may have changed. Begin the operation anew.`,
    {
      context: {
        conflict: kind,
        file: file.filePath,
        ...(file.referencedDataFile === undefined ? {} : { dataFile: file.referencedDataFile }),
        snapshotId: snapshot.snapshotId,
        operation: snapshot.summary.operation,
      },
    },
  );
}
