import type { SnapshotOperation } from '#shared/iceberg/snapshot.ts';
import type { DataFile, ManifestEntry, ManifestFile } from '../manifest/data-file.ts';
import { UNASSIGNED, type NewManifestEntry } from '../manifest/write-manifest.ts';
import { assertAddable } from './assert-addable.ts';
import { assertAllFound, assertOneVectorEach } from './assert-removable.ts';
import { dataRemoval, deleteRemoval, type FileRemoval } from './file-removal.ts';
import { filterManifests, hasLiveFiles, type FilterMemory } from './filter-manifests.ts';
import { mergeManifests } from './merge-manifests.ts';
import type { SnapshotAction, SnapshotBase } from './produce-snapshot.ts';
import { SummaryTally } from './snapshot-summary.ts';

/** A file that a commit adds. */
export interface AddedFile {
  readonly file: DataFile;
  /** Where the file stands in for older ones: deletes with a higher number still apply to it. */
  readonly dataSequenceNumber?: bigint;
}

/** What a commit does to the files of a table; all operations but the fast append and the one on manifests. */
export interface FileChange {
  readonly added: readonly AddedFile[];
  readonly removed: FileRemoval;
  readonly operation: SnapshotOperation;
  /**
   * The snapshot that the operation began at (null: the table had none): once the table is past it, a misfit is
   * another commit's doing.
   */
  readonly start?: bigint | null;
  /** Whether files to be removed may be gone already. */
  readonly mayMiss?: boolean;
  /** @throws COMMIT_CONFLICT where what other commits have done since does not go together with this one */
  readonly validate?: (base: SnapshotBase) => Promise<void>;
}

/** Makes the action of a change, which remembers over its attempts what it has written. */
export function changeFiles(change: FileChange): SnapshotAction {
  const added = addedManifests(change.added);
  const filteredData: FilterMemory = new Map();
  const filteredDeletes: FilterMemory = new Map();
  const merged = new Map<string, readonly ManifestFile[]>();
  return async (base) => {
    const { metadata, manifests } = base;
    const moved = change.start !== undefined && (base.parent?.snapshotId ?? null) !== change.start;
    assertAddable(
      metadata,
      change.added.map(({ file }) => file),
    );
    await change.validate?.(base);

    const rule = dataRemoval(metadata, change.removed, moved);
    const data = await filterManifests(base, ofContent(manifests, 'data'), rule, filteredData);
    const removedPaths = new Set(data.removed.map(({ dataFile }) => dataFile.filePath));
    const oldest = oldestData(base, data.manifests, change.added);
    const deletes = await filterManifests(
      base,
      ofContent(manifests, 'deletes'),
      deleteRemoval(metadata, change.removed, removedPaths, oldest),
      filteredDeletes,
    );
    const removed = [...data.removed, ...deletes.removed];
    if (change.mayMiss !== true) assertAllFound(base, change.removed, removed, moved);
    await assertOneVectorEach(base, change.added, deletes.manifests, moved);

    const mine = await added(base);
    const kept = (manifest: ManifestFile) => hasLiveFiles(manifest) || manifest.sequenceNumber === UNASSIGNED;
    const listed = [
      ...(await mergeManifests(base, [...mine.data, ...data.manifests.filter(kept)], merged)),
      ...(await mergeManifests(base, [...mine.deletes, ...deletes.manifests.filter(kept)], merged)),
    ];
    return {
      operation: change.operation,
      manifests: listed,
      tally: tallyOf(base, change.added, removed, listed, data.replaced + deletes.replaced),
    };
  };
}

function ofContent(
  manifests: readonly ManifestFile[],
  content: ManifestFile['content'],
): readonly ManifestFile[] {
  return manifests.filter((manifest) => manifest.content === content);
}

/** Data sequence numbers from which on delete files may still apply to something. */
function oldestData(
  { metadata }: SnapshotBase,
  manifests: readonly ManifestFile[],
  added: readonly AddedFile[],
): bigint {
  const numbers = [
    ...manifests
      .filter(hasLiveFiles)
      .map((manifest) => manifest.minSequenceNumber)
      .filter((number) => number !== UNASSIGNED),
    ...added.flatMap(({ dataSequenceNumber }) => dataSequenceNumber ?? []),
  ];
  return numbers.reduce((a, b) => (b < a ? b : a), metadata.lastSequenceNumber);
}

function tallyOf(
  base: SnapshotBase,
  added: readonly AddedFile[],
  removed: readonly ManifestEntry[],
  manifests: readonly ManifestFile[],
  replaced: number,
): SummaryTally {
  const tally = new SummaryTally(base.metadata.partitionSpecs);
  for (const { file } of added) tally.add(file);
  for (const { dataFile } of removed) tally.remove(dataFile);
  tally.countManifests(base.manifests, manifests, replaced);
  return tally;
}

interface AddedManifests {
  readonly data: readonly ManifestFile[];
  readonly deletes: readonly ManifestFile[];
}

/** The manifests of the added files, one for each partition spec and content; written once. */
export function addedManifests(added: readonly AddedFile[]): (base: SnapshotBase) => Promise<AddedManifests> {
  let written: AddedManifests | undefined;
  return async (base) =>
    (written ??= {
      data: await writeAdded(
        base,
        added.filter(({ file }) => file.content === 'data'),
        'data',
      ),
      deletes: await writeAdded(
        base,
        added.filter(({ file }) => file.content !== 'data'),
        'deletes',
      ),
    });
}

async function writeAdded(
  { scratch, metadata }: SnapshotBase,
  added: readonly AddedFile[],
  content: ManifestFile['content'],
): Promise<readonly ManifestFile[]> {
  const manifests: ManifestFile[] = [];
  for (const specId of new Set(added.map(({ file }) => file.specId))) {
    const entries = added
      .filter(({ file }) => file.specId === specId)
      .map((add) => addedEntry(add, scratch.snapshotId));
    manifests.push(...(await scratch.writeManifests(metadata, specId, content, entries)));
  }
  return manifests;
}

/** Row ids are the table's to give, also where the file had some elsewhere. */
function addedEntry({ file, dataSequenceNumber }: AddedFile, snapshotId: bigint): NewManifestEntry {
  const { firstRowId: _, ...dataFile } = file;
  return {
    status: 'added',
    snapshotId,
    ...(dataSequenceNumber === undefined ? {} : { sequenceNumber: dataSequenceNumber }),
    dataFile,
  };
}
