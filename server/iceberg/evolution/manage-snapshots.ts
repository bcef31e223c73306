import { AppError } from '#shared/errors/app-error.ts';
import type { Snapshot, SnapshotRef } from '#shared/iceberg/snapshot.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import type { TableChange, TableUpdate } from '#shared/iceberg/table-update.ts';
import { currentSnapshot, snapshotById } from '../metadata/lookup.ts';
import { requirementsFor } from '../metadata/update-requirements.ts';
import { ancestorsOf, MAIN } from '../transaction/snapshot-history.ts';

const NO_CHANGE: TableChange = { updates: [], requirements: [] };

/** Makes any snapshot of the table the current one, as part of its history or not. @throws SNAPSHOT_NOT_FOUND */
export function setCurrentSnapshot(metadata: TableMetadata, snapshotId: bigint): TableChange {
  snapshotById(metadata, snapshotId);
  if (metadata.currentSnapshotId === snapshotId) return NO_CHANGE;
  return moveMain(metadata, snapshotId);
}

/**
 * Back to a snapshot that the current one came from.
 *
 * @throws SNAPSHOT_NOT_FOUND; INVALID_INPUT where it is no ancestor
 */
export function rollbackTo(metadata: TableMetadata, snapshotId: bigint): TableChange {
  snapshotById(metadata, snapshotId);
  if (metadata.currentSnapshotId === snapshotId) return NO_CHANGE;
  const current = currentSnapshot(metadata);
  if (!isAncestor(metadata, snapshotId, current)) {
    throw new AppError(
      'INVALID_INPUT',
      `The table cannot be rolled back to snapshot ${snapshotId}: the current one, ${current?.snapshotId ?? 'none'}, did not come from it. Set it as the current snapshot instead.`,
      { context: { snapshotId, currentSnapshotId: metadata.currentSnapshotId ?? null } },
    );
  }
  return moveMain(metadata, snapshotId);
}

/**
 * Back to the last snapshot that the current one came from and that was there at a time.
 *
 * @param timestampMs milliseconds since 1970 UTC
 * @throws SNAPSHOT_NOT_FOUND where there was none yet, or it has expired
 */
export function rollbackToTime(metadata: TableMetadata, timestampMs: number): TableChange {
  for (const ancestor of ancestorsOf(metadata, currentSnapshot(metadata)))
    if (ancestor.timestampMs <= timestampMs) return rollbackTo(metadata, ancestor.snapshotId);
  const time = new Date(timestampMs).toISOString();
  throw new AppError(
    'SNAPSHOT_NOT_FOUND',
    `The table at ${metadata.location} has no snapshot from ${time} or before.`,
    { context: { time } },
  );
}

function moveMain(metadata: TableMetadata, snapshotId: bigint): TableChange {
  const ref: SnapshotRef = { ...metadata.refs[MAIN], snapshotId, type: 'branch' };
  return changeOf(metadata, [{ action: 'set-snapshot-ref', refName: MAIN, ref }]);
}

function changeOf(metadata: TableMetadata, updates: readonly TableUpdate[]): TableChange {
  return { updates, requirements: requirementsFor(metadata, updates) };
}

/** How long a ref and its history are kept when snapshots expire; milliseconds. What is absent is the table's. */
export interface RefRetention {
  readonly maxRefAgeMs?: number;
  /** Branches only. */
  readonly maxSnapshotAgeMs?: number;
  /** Branches only. */
  readonly minSnapshotsToKeep?: number;
}

export interface NewRef extends RefRetention {
  readonly name: string;
  readonly type: SnapshotRef['type'];
  /** The current snapshot where not given. */
  readonly snapshotId?: bigint;
}

/** A branch or tag inside the table. @throws REF_ALREADY_EXISTS, SNAPSHOT_NOT_FOUND, INVALID_INPUT */
export function createSnapshotRef(metadata: TableMetadata, input: NewRef): TableChange {
  if (metadata.refs[input.name] !== undefined) {
    throw new AppError(
      'REF_ALREADY_EXISTS',
      `The table has a ${metadata.refs[input.name]?.type} '${input.name}' already.`,
      { context: { ref: input.name } },
    );
  }
  return setSnapshotRef(metadata, input, {});
}

/**
 * Points a ref of the table at another snapshot, or changes how long it is kept; what is not given stays.
 *
 * @throws REF_NOT_FOUND, SNAPSHOT_NOT_FOUND; INVALID_INPUT where the ref is of the other type
 */
export function replaceSnapshotRef(metadata: TableMetadata, input: NewRef): TableChange {
  const existing = tableRef(metadata, input.name);
  if (existing.type !== input.type) {
    throw new AppError('INVALID_INPUT', `'${input.name}' is a ${existing.type}, not a ${input.type}.`, {
      context: { ref: input.name },
    });
  }
  return setSnapshotRef(metadata, input, existing);
}

function setSnapshotRef(
  metadata: TableMetadata,
  { name, type, ...given }: NewRef,
  existing: Partial<SnapshotRef>,
): TableChange {
  const snapshotId = given.snapshotId ?? existing.snapshotId ?? metadata.currentSnapshotId;
  if (snapshotId === undefined) {
    throw new AppError(
      'SNAPSHOT_NOT_FOUND',
      `The table at ${metadata.location} has no snapshot yet that '${name}' could point at.`,
      { context: { ref: name } },
    );
  }
  snapshotById(metadata, snapshotId);
  const ref: SnapshotRef = { ...existing, ...given, type, snapshotId };
  return changeOf(metadata, [{ action: 'set-snapshot-ref', refName: name, ref }]);
}

/** @throws REF_NOT_FOUND; INVALID_INPUT for main */
export function removeSnapshotRef(metadata: TableMetadata, name: string): TableChange {
  if (name === MAIN)
    throw new AppError('INVALID_INPUT', "The table's branch 'main' stays; roll it back instead.", {
      context: { ref: name },
    });
  tableRef(metadata, name);
  return changeOf(metadata, [{ action: 'remove-snapshot-ref', refName: name }]);
}

/**
 * Moves a branch forward to where another ref is; a branch that is not there is made.
 *
 * @throws REF_NOT_FOUND; INVALID_INPUT where the branch has what the other has not
 */
export function fastForward(metadata: TableMetadata, branch: string, to: string): TableChange {
  const target = tableRef(metadata, to);
  const from = metadata.refs[branch];
  if (from === undefined)
    return createSnapshotRef(metadata, { name: branch, type: 'branch', snapshotId: target.snapshotId });
  if (from.snapshotId === target.snapshotId) return NO_CHANGE;
  const head = snapshotById(metadata, target.snapshotId);
  if (from.type !== 'branch' || !isAncestor(metadata, from.snapshotId, head)) {
    throw new AppError(
      'INVALID_INPUT',
      from.type === 'branch'
        ? `'${branch}' cannot be moved forward to '${to}': it has snapshots that '${to}' did not come from.`
        : `'${branch}' is a tag, and tags do not move forward.`,
      { context: { ref: branch, to } },
    );
  }
  return replaceSnapshotRef(metadata, { name: branch, type: 'branch', snapshotId: target.snapshotId });
}

function tableRef(metadata: TableMetadata, name: string): SnapshotRef {
  const found = metadata.refs[name];
  if (found !== undefined) return found;
  const names = Object.keys(metadata.refs);
  throw new AppError(
    'REF_NOT_FOUND',
    `The table at ${metadata.location} has no branch or tag '${name}'; it has ${names.length === 0 ? 'none' : names.join(', ')}.`,
    { context: { ref: name, refs: names } },
  );
}

function isAncestor(metadata: TableMetadata, id: bigint, of: Snapshot | undefined): boolean {
  for (const ancestor of ancestorsOf(metadata, of)) if (ancestor.snapshotId === id) return true;
  return false;
}
