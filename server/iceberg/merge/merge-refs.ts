import type { Snapshot, SnapshotRef } from '#shared/iceberg/snapshot.ts';
import type { TableUpdate } from '#shared/iceberg/table-update.ts';
import { schemaToJson } from '../metadata/schema-json.ts';
import type { Schema } from '#shared/iceberg/schema.ts';
import { schemaOfSnapshot, snapshotById } from '../metadata/lookup.ts';
import { MAIN } from '../transaction/snapshot-history.ts';
import { isSame, threeWay, type TableClash } from './clash.ts';
import type { SidesOfTable } from './merge-specs.ts';

export interface MergedRefs {
  readonly updates: readonly TableUpdate[];
  /** Snapshots of theirs that branches and tags inside the table point at and that ours does not have. */
  readonly carried: readonly Snapshot[];
  readonly clashes: readonly TableClash[];
}

/** Branches and tags inside the table, name by name; `main` moves with the rows, and is no matter here. */
export function mergeRefs(sides: SidesOfTable): MergedRefs {
  const updates: TableUpdate[] = [];
  const carried = new Map<bigint, Snapshot>();
  const clashes: TableClash[] = [];
  const [base, ours, theirs] = [sides.base.refs, sides.ours.refs, sides.theirs.refs];
  for (const name of new Set([...Object.keys(ours), ...Object.keys(theirs)])) {
    if (name === MAIN) continue;
    const merged = threeWay(told(base[name]), told(ours[name]), told(theirs[name]));
    if (merged === undefined) {
      clashes.push({
        kind: 'SNAPSHOT_REF_CLASH',
        message: `Both sides moved the branch or tag '${name}' inside the table, each to a place of its own.`,
        detail: {
          ref: name,
          base: told(base[name])?.[0] ?? null,
          ours: told(ours[name])?.[0] ?? null,
          theirs: told(theirs[name])?.[0] ?? null,
        },
      });
      continue;
    }
    if (isSame(merged.value, told(ours[name]))) continue;
    const ref = theirs[name];
    if (ref === undefined) {
      updates.push({ action: 'remove-snapshot-ref', refName: name });
      continue;
    }
    updates.push({ action: 'set-snapshot-ref', refName: name, ref });
    const { snapshotId } = ref;
    if (sides.ours.snapshots.some((snapshot) => snapshot.snapshotId === snapshotId)) continue;
    const clash = cannotCarry(sides, name);
    if (clash !== null) clashes.push(clash);
    carried.set(snapshotId, snapshotById(sides.theirs, snapshotId));
  }
  return { updates, carried: [...carried.values()], clashes };
}

/** A snapshot of theirs is read with its own manifests, so its numbers are no matter, but for ids of rows and columns. */
function cannotCarry({ base, ours, theirs }: SidesOfTable, name: string): TableClash | null {
  const ref = theirs.refs[name];
  if (ref === undefined) return null;
  const snapshot = snapshotById(theirs, ref.snapshotId);
  const schema = schemaOfSnapshot(theirs, snapshot);
  const known = ours.schemas.some((other) => isSameSchema(other, schema));
  const why =
    theirs.formatVersion >= 3 && (ours.nextRowId ?? 0n) > (base.nextRowId ?? 0n)
      ? 'ids that ours has given to other rows'
      : known
        ? null
        : 'a schema that ours does not have';
  if (why === null) return null;
  return {
    kind: 'SNAPSHOT_REF_CLASH',
    message: `'${name}' inside the table points at snapshot ${ref.snapshotId} of theirs, which has ${why}. Remove '${name}', or keep it on its own branch of the catalog.`,
    detail: { ref: name, snapshotId: String(ref.snapshotId) },
  };
}

type Told = readonly [string, SnapshotRef['type'], ...(number | null)[]];

function told(ref: SnapshotRef | undefined): Told | undefined {
  if (ref === undefined) return undefined;
  const { snapshotId, type, minSnapshotsToKeep, maxSnapshotAgeMs, maxRefAgeMs } = ref;
  return [
    String(snapshotId),
    type,
    minSnapshotsToKeep ?? null,
    maxSnapshotAgeMs ?? null,
    maxRefAgeMs ?? null,
  ];
}

/** But for its id. */
export function isSameSchema(a: Schema, b: Schema): boolean {
  return isSame(schemaToJson({ ...a, schemaId: 0 }), schemaToJson({ ...b, schemaId: 0 }));
}
