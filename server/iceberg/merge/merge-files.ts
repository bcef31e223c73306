import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import type { DataFile, ManifestEntry } from '../manifest/data-file.ts';
import { fileKeyOf } from '../transaction/file-key.ts';
import type { AddedFile } from '../transaction/change-files.ts';
import { isDeletionVector } from '../transaction/snapshot-summary.ts';
import type { TableClash } from './clash.ts';
import { DeletePairs, sameKeys } from './delete-pairs.ts';
import { ofContent, type FileChanges, type FileState, type LiveFiles } from './file-state.ts';
import { numberFiles } from './number-files.ts';

export interface FilesToMerge {
  readonly base: VersionFiles;
  readonly ours: VersionFiles & { readonly changes: FileChanges };
  readonly theirs: VersionFiles & { readonly changes: FileChanges };
  /** The result but for rows. */
  readonly merged: TableMetadata;
  /** A file of theirs as the result describes it. */
  readonly adopt: (file: DataFile) => DataFile;
}

interface VersionFiles {
  readonly metadata: TableMetadata;
  readonly state: FileState;
}

export type MergedFiles =
  | { readonly clash: TableClash }
  | {
      readonly added: readonly AddedFile[];
      readonly removed: readonly DataFile[];
      /** How many sequence numbers the added files take. */
      readonly sequenceNumbers: bigint;
    };

/**
 * What has to be done to the files of ours so that its rows are those of the base with what both sides did to them.
 * Files that one side alone touched are as that side has them; where both touched one, that is told, unless both
 * only deleted.
 */
export async function mergeFiles(input: FilesToMerge): Promise<MergedFiles> {
  const { base, ours, theirs } = input;
  const [mine, other] = [ours.changes, theirs.changes];
  const isSameChange =
    sameKeys(new Set(mine.added.keys()), new Set(other.added.keys())) &&
    sameKeys(new Set(mine.removed.keys()), new Set(other.removed.keys()));
  if (isSameChange) return { added: [], removed: [], sequenceNumbers: 1n };

  const added = [...other.added.values()].filter(({ dataFile }) => !mine.added.has(fileKeyOf(dataFile)));
  const removed = [...other.removed].flatMap(([key, entry]) =>
    mine.removed.has(key) ? [] : [entry.dataFile],
  );
  const onlyDeletes = [mine, other].every((changes) => ofContent(changes.added, 'data').length === 0);
  const removedByBoth = [...other.removed].flatMap(([key, { dataFile }]) =>
    mine.removed.has(key) && dataFile.content === 'data' ? [dataFile.filePath] : [],
  );
  if (removedByBoth.length > 0 && !onlyDeletes) return { clash: sameRows(removedByBoth) };
  if (![base, ours, theirs].some(({ state }) => state.mayHaveDeletes)) {
    return {
      added: added.map(({ dataFile }) => ({ file: input.adopt(dataFile) })),
      removed,
      sequenceNumbers: 1n,
    };
  }
  const [before, here, there] = await Promise.all([
    base.state.live(),
    ours.state.live(),
    theirs.state.live(),
  ]);
  const pairs = {
    base: new DeletePairs(before, base.metadata),
    ours: new DeletePairs(here, ours.metadata),
    theirs: new DeletePairs(there, theirs.metadata),
  };
  const expected = new Map<string, ReadonlySet<string>>();
  const sameFiles: string[] = [];
  for (const [key, entry] of here) {
    if (entry.dataFile.content !== 'data') continue;
    const byOurs = pairs.ours.of(entry);
    const [was, now] = [before.get(key), there.get(key)];
    if (was === undefined) {
      // Both may have a file that was added on one side and picked by the other.
      const there = now === undefined ? byOurs : pairs.theirs.of(now);
      if (!sameKeys(byOurs, there)) sameFiles.push(key);
      expected.set(key, byOurs);
      continue;
    }
    const byBase = pairs.base.of(was);
    const byTheirs = now === undefined ? null : pairs.theirs.of(now);
    const oursTouched = !sameKeys(byOurs, byBase);
    const theirsTouched = byTheirs === null || !sameKeys(byTheirs, byBase);
    if (oursTouched && theirsTouched && !onlyDeletes) sameFiles.push(key);
    if (byTheirs === null) continue;
    if (!oursTouched) expected.set(key, byTheirs);
    else if (!theirsTouched) expected.set(key, byOurs);
    else expected.set(key, both(byBase, byOurs, byTheirs));
  }
  for (const key of other.removed.keys()) expected.delete(key);
  for (const [key, was] of before) {
    const now = there.get(key);
    if (was.dataFile.content !== 'data' || here.has(key) || now === undefined) continue;
    // Ours took the file away, or wrote its rows elsewhere.
    if (!sameKeys(pairs.theirs.of(now), pairs.base.of(was)) && !onlyDeletes) sameFiles.push(key);
  }
  const vectors = twoVectors(expected, here, there);
  if (sameFiles.length > 0 || vectors.length > 0) return { clash: sameRows([...sameFiles, ...vectors]) };
  return numbered(input, { here, added, removed, pairs: pairs.theirs, expected });
}

interface Numbered {
  readonly here: LiveFiles;
  readonly added: readonly ManifestEntry[];
  readonly removed: readonly DataFile[];
  /** Of theirs. */
  readonly pairs: DeletePairs;
  readonly expected: ReadonlyMap<string, ReadonlySet<string>>;
}

function numbered(
  { merged, adopt, ours }: FilesToMerge,
  { here, added, removed, pairs, expected }: Numbered,
): MergedFiles {
  const gone = new Set(removed.map(fileKeyOf));
  const adopted = added
    .filter(({ dataFile }) => !isOfGoneFile(dataFile, here, gone, added))
    .map((entry) => ({ theirs: entry, entry: { ...entry, dataFile: adopt(entry.dataFile) } }));
  const stays = [...here].flatMap(([key, entry]) => (gone.has(key) ? [] : [entry]));
  const brought = adopted.filter(({ entry }) => entry.dataFile.content === 'data');
  const ofTheirs = new Map(brought.map(({ theirs }) => [fileKeyOf(theirs.dataFile), pairs.of(theirs)]));
  const deletes = adopted.filter(({ entry }) => entry.dataFile.content !== 'data').map(({ entry }) => entry);
  const standingDeletes = stays.filter(({ dataFile }) => dataFile.content !== 'data');
  const planned = [...standingDeletes, ...deletes].map(({ dataFile, sequenceNumber }) => ({
    file: dataFile,
    sequenceNumber,
  }));
  const numbering = numberFiles({
    standing: stays.filter(({ dataFile }) => dataFile.content === 'data'),
    brought: brought.map(({ entry }) => entry),
    broughtDeletes: new Map(deletes.map((entry) => [fileKeyOf(entry.dataFile), entry])),
    pairs: new DeletePairs(planned, merged),
    expected: ({ dataFile }) => {
      const key = fileKeyOf(dataFile);
      return expected.get(key) ?? ofTheirs.get(key) ?? new Set();
    },
    last: merged.lastSequenceNumber,
  });
  if ('deletes' in numbering) {
    const { data } = numbering;
    return {
      clash: unfit(
        data.dataFile.filePath,
        numbering.deletes,
        ours.changes.added.has(fileKeyOf(data.dataFile)),
      ),
    };
  }
  return {
    added: adopted.map(({ entry: { dataFile } }) => {
      const dataSequenceNumber = numbering.numbers.get(fileKeyOf(dataFile));
      return { file: dataFile, ...(dataSequenceNumber === undefined ? {} : { dataSequenceNumber }) };
    }),
    removed,
    sequenceNumbers: numbering.taken,
  };
}

/** Deletes of rows of a file that the other side has deleted as a whole. */
function isOfGoneFile(
  { content, referencedDataFile }: DataFile,
  here: LiveFiles,
  gone: ReadonlySet<string>,
  added: readonly ManifestEntry[],
): boolean {
  if (content !== 'position-deletes' || referencedDataFile === undefined) return false;
  if (here.has(referencedDataFile)) return gone.has(referencedDataFile);
  return !added.some(({ dataFile }) => dataFile.filePath === referencedDataFile);
}

/** Of a file from which both sides only deleted. */
function both(
  base: ReadonlySet<string>,
  ours: ReadonlySet<string>,
  theirs: ReadonlySet<string>,
): ReadonlySet<string> {
  const kept = [...base].filter((key) => ours.has(key) && theirs.has(key));
  const added = [...ours, ...theirs].filter((key) => !base.has(key));
  return new Set([...kept, ...added]);
}

/** Data files that would have a deletion vector of each side. */
function twoVectors(
  expected: ReadonlyMap<string, ReadonlySet<string>>,
  ...sides: readonly LiveFiles[]
): readonly string[] {
  const isVector = (key: string) => {
    const file = sides.map((files) => files.get(key)?.dataFile).find((found) => found !== undefined);
    return file !== undefined && isDeletionVector(file);
  };
  return [...expected].flatMap(([key, deletes]) => ([...deletes].filter(isVector).length > 1 ? [key] : []));
}

/** Told files at most; the number is told too. */
const TOLD = 100;

function sameRows(files: readonly string[]): TableClash {
  const [first = ''] = files;
  const more = files.length > 1 ? `, and ${files.length - 1} more` : '';
  return {
    kind: 'SAME_ROWS_CHANGED',
    message: `Both sides changed rows of the same data files (${first}${more}), so which rows are the same ones can't be told.`,
    detail: { files: files.slice(0, TOLD), fileCount: files.length },
  };
}

function unfit(dataFile: string, deletes: string, ofOurs: boolean): TableClash {
  return {
    kind: 'EQUALITY_DELETES_CLASH',
    message: `The delete file ${deletes} would apply to other rows after the merge than it does now: ${ofOurs ? 'to rows that ours added' : 'no order of the changes keeps it as it is'} in ${dataFile}. Compact one side first, so that its deletes are applied.`,
    detail: { deleteFile: deletes, dataFile },
  };
}
