import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import { currentSnapshot } from '../metadata/lookup.ts';
import { ancestorsOf } from '../transaction/snapshot-history.ts';
import type { TableClash } from './clash.ts';
import type { FileChanges } from './file-state.ts';
import type { SidesOfTable } from './merge-specs.ts';

/** One side made another table of it, so that rows which the other side changed would be of no table that anyone meant. */
export function replacedTable(
  { base, ours, theirs }: SidesOfTable,
  mine: FileChanges,
  other: FileChanges,
): TableClash | null {
  const [here, there] = [replacementIn(base, ours), replacementIn(base, theirs)];
  if (here === there) return null;
  const [byOurs, byTheirs] = [here !== null && changesRows(other), there !== null && changesRows(mine)];
  if (!byOurs && !byTheirs) return null;
  const [who, whom] = byOurs ? ['Ours', 'theirs'] : ['Theirs', 'ours'];
  return {
    kind: 'TABLE_REPLACED',
    message: `${who} replaced the table as a whole, and ${whom} changed rows of it as it was. Choose one of the two.`,
    detail: { replacedBy: byOurs ? 'ours' : 'theirs' },
  };
}

/** The snapshot by which a side's rows began anew though those of the base are in its history; 'empty' for none. */
function replacementIn(base: TableMetadata, side: TableMetadata): bigint | 'empty' | null {
  const was = base.currentSnapshotId;
  // A side that never had the base's rows, or went back before them, has replaced nothing.
  if (was === undefined || was === null) return null;
  if (!side.snapshots.some(({ snapshotId }) => snapshotId === was)) return null;
  const line = [...ancestorsOf(side, currentSnapshot(side))];
  const first = line.at(-1);
  if (first === undefined) return 'empty';
  const isAnew =
    first.parentSnapshotId === undefined &&
    !base.snapshots.some(({ snapshotId }) => snapshotId === first.snapshotId);
  return isAnew ? first.snapshotId : null;
}

function changesRows({ added, removed }: FileChanges): boolean {
  return added.size > 0 || removed.size > 0;
}
