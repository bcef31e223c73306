import type { ManifestEntry } from '../manifest/data-file.ts';
import type { PlannedDelete } from '../scan/delete-index.ts';
import { fileKeyOf } from '../transaction/file-key.ts';
import type { DeletePairs } from './delete-pairs.ts';

export interface FilesToNumber {
  /** Data files of the result that ours has: their numbers are given. */
  readonly standing: readonly ManifestEntry[];
  /** Data files that come from theirs. */
  readonly brought: readonly ManifestEntry[];
  /** Delete files that come from theirs, by key. */
  readonly broughtDeletes: ReadonlyMap<string, ManifestEntry>;
  /** Of the result: those of ours with their numbers, those of theirs with any. */
  readonly pairs: DeletePairs;
  /** Which delete files have to apply to a data file of the result, by key. */
  readonly expected: (data: ManifestEntry) => ReadonlySet<string>;
  /** The last sequence number that is taken. */
  readonly last: bigint;
}

export type Numbering =
  | {
      /** Data sequence numbers of what comes from theirs, by key. */
      readonly numbers: ReadonlyMap<string, bigint>;
      /** How many numbers after `last` these take. */
      readonly taken: bigint;
    }
  | Misfit;

/** A data file and a delete file that no numbering keeps apart, or brings together. */
export interface Misfit {
  readonly data: ManifestEntry;
  readonly deletes: string;
}

/** A number that stands, or the key of what is to be numbered. */
type Term = bigint | string;

/** `low + apart <= high`: what a pair of a data file and a delete file asks. */
interface Bound extends Misfit {
  readonly low: Term;
  readonly apart: bigint;
  readonly high: Term;
}

/**
 * Gives files of theirs the sequence numbers by which every delete file applies to exactly the data files that it
 * applied to on its own side: a delete by equality to what is older than itself, and to nothing else.
 *
 * Each pair bounds one number by another. What satisfies all bounds, if anything does, is found by starting as high
 * as may be and going down as far as they ask.
 */
export function numberFiles(input: FilesToNumber): Numbering {
  const { brought, broughtDeletes, last } = input;
  const deleteNumbers = [...broughtDeletes.values()]
    .filter(({ dataFile }) => dataFile.content === 'equality-deletes')
    .map(({ sequenceNumber }) => sequenceNumber);
  // Numbers go down where a delete lies between two files: as often as theirs deleted.
  const taken = 1n + BigInt(new Set(deleteNumbers).size);
  const numbers = new Map<string, bigint>();
  for (const { dataFile } of [...brought, ...broughtDeletes.values()])
    numbers.set(fileKeyOf(dataFile), last + taken);

  const bounds: Bound[] = [];
  for (const data of [...input.standing, ...brought]) {
    const found = boundsOf(input, data, numbers);
    if ('deletes' in found) return found;
    bounds.push(...found.bounds);
  }
  const valueOf = (term: Term) => (typeof term === 'bigint' ? term : (numbers.get(term) ?? 0n));
  let lowered = true;
  // A bound that is still not kept after as many rounds as there are numbers never will be.
  for (let round = 0; lowered && round <= numbers.size; round += 1) {
    lowered = false;
    for (const { low, apart, high } of bounds) {
      const most = valueOf(high) - apart;
      if (typeof low === 'bigint' || valueOf(low) <= most) continue;
      numbers.set(low, most);
      lowered = true;
    }
  }
  const broken = bounds.find(
    ({ low, apart, high }) => valueOf(low) < 0n || valueOf(low) + apart > valueOf(high),
  );
  return broken ?? { numbers, taken };
}

function boundsOf(
  { pairs, expected, broughtDeletes }: FilesToNumber,
  data: ManifestEntry,
  numbers: ReadonlyMap<string, bigint>,
): { readonly bounds: readonly Bound[] } | Misfit {
  const dataKey = fileKeyOf(data.dataFile);
  const dataTerm = numbers.has(dataKey) ? dataKey : data.sequenceNumber;
  const wanted = expected(data);
  const missing = new Set(wanted);
  const bounds: Bound[] = [];
  for (const near of pairs.near(data)) {
    const deletes = fileKeyOf(near.file);
    missing.delete(deletes);
    const deleteTerm = broughtDeletes.has(deletes) ? deletes : near.sequenceNumber;
    const byEquality = near.file.content === 'equality-deletes';
    if (wanted.has(deletes)) {
      bounds.push({ data, deletes, low: dataTerm, apart: byEquality ? 1n : 0n, high: deleteTerm });
    } else if (byEquality) {
      bounds.push({ data, deletes, low: deleteTerm, apart: 0n, high: dataTerm });
    } else if (names(near, data)) {
      return { data, deletes };
    }
  }
  const [lost] = missing;
  return lost === undefined ? { bounds } : { data, deletes: lost };
}

/** Whether a position delete file says that it is of this data file; else it is of others in the same partition. */
function names({ file }: PlannedDelete, { dataFile }: ManifestEntry): boolean {
  return file.referencedDataFile === dataFile.filePath;
}
