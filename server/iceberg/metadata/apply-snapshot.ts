import { AppError } from '#shared/errors/app-error.ts';
import type { Snapshot, SnapshotRef } from '#shared/iceberg/snapshot.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import type { Draft } from './draft.ts';
import { snapshotById } from './lookup.ts';

const MAIN = 'main';

export function addSnapshot(metadata: TableMetadata, snapshot: Snapshot, draft: Draft): TableMetadata {
  const { snapshotId, sequenceNumber } = snapshot;
  const refuse = (problem: string): never => {
    throw new AppError('INVALID_INPUT', `The snapshot ${snapshotId} cannot be added: ${problem}.`, {
      context: { snapshotId, location: metadata.location },
    });
  };
  if (metadata.schemas.length === 0) refuse('the table has no schema yet');
  if (metadata.snapshots.some((existing) => existing.snapshotId === snapshotId))
    refuse('the table already has a snapshot of that id');
  const parentless = snapshot.parentSnapshotId === undefined;
  if (metadata.formatVersion > 1 && sequenceNumber <= metadata.lastSequenceNumber && !parentless)
    refuse(`its sequence number is ${sequenceNumber}, but the table is at ${metadata.lastSequenceNumber}`);
  const added = {
    ...metadata,
    snapshots: [...metadata.snapshots, snapshot],
    lastSequenceNumber:
      sequenceNumber > metadata.lastSequenceNumber ? sequenceNumber : metadata.lastSequenceNumber,
  };
  draft.addedSnapshots.add(snapshotId);
  if (metadata.formatVersion < 3) return added;

  // Row lineage: every row of the snapshot has an id at or after first-row-id, and no id is given twice.
  const { firstRowId, addedRows } = snapshot;
  const nextRowId = metadata.nextRowId ?? 0n;
  if (firstRowId === undefined || addedRows === undefined)
    return refuse('tables of format version 3 need its first-row-id and added-rows');
  if (firstRowId < nextRowId)
    refuse(`its first-row-id is ${firstRowId}, but rows up to ${nextRowId} have ids already`);
  if (addedRows < 0n) refuse(`its added-rows is ${addedRows}`);
  return { ...added, nextRowId: firstRowId + addedRows };
}

export function setRef(metadata: TableMetadata, name: string, ref: SnapshotRef, draft: Draft): TableMetadata {
  assertRef(name, ref);
  const snapshot = snapshotById(metadata, ref.snapshotId);
  const refs = { ...metadata.refs, [name]: ref };
  if (name !== MAIN || metadata.currentSnapshotId === ref.snapshotId) return { ...metadata, refs };
  // A snapshot that is current again (rollback) is logged at the time it is made so, not at its own.
  const timestampMs = draft.addedSnapshots.has(ref.snapshotId) ? snapshot.timestampMs : draft.now;
  return {
    ...metadata,
    refs,
    currentSnapshotId: ref.snapshotId,
    snapshotLog: [...metadata.snapshotLog, { snapshotId: ref.snapshotId, timestampMs }],
  };
}

/** @throws INVALID_INPUT for a tag with what only branches have, for a tag 'main', and for limits below 1 */
export function assertRef(name: string, ref: SnapshotRef): void {
  const { minSnapshotsToKeep, maxSnapshotAgeMs, maxRefAgeMs } = ref;
  const problem =
    name === ''
      ? 'a name is empty'
      : ref.type === 'tag' && name === MAIN
        ? "'main' is always a branch"
        : ref.type === 'tag' && (minSnapshotsToKeep !== undefined || maxSnapshotAgeMs !== undefined)
          ? 'a tag is one snapshot, so it has no min-snapshots-to-keep or max-snapshot-age-ms'
          : [minSnapshotsToKeep, maxSnapshotAgeMs, maxRefAgeMs].some(
                (limit) => limit !== undefined && limit < 1,
              )
            ? 'its limits must be above 0'
            : null;
  if (problem === null) return;
  throw new AppError('INVALID_INPUT', `The ${ref.type} '${name}' cannot be set: ${problem}.`, {
    context: { ref: name },
  });
}

/** Without 'main' the table has no current snapshot, and no history of it. */
export function removeRef(metadata: TableMetadata, name: string): TableMetadata {
  const refs = Object.fromEntries(Object.entries(metadata.refs).filter(([other]) => other !== name));
  if (name !== MAIN) return { ...metadata, refs };
  const { currentSnapshotId: _, ...rest } = metadata;
  return { ...rest, refs, snapshotLog: [] };
}

/** The log is cut where a removed snapshot was, as the spec asks: time travel must not skip over it. */
export function removeSnapshots(metadata: TableMetadata, ids: ReadonlySet<bigint>): TableMetadata {
  if (metadata.currentSnapshotId !== undefined && ids.has(metadata.currentSnapshotId)) {
    throw new AppError(
      'INVALID_INPUT',
      `Snapshot ${metadata.currentSnapshotId} is current and cannot be removed.`,
      { context: { snapshotId: metadata.currentSnapshotId } },
    );
  }
  const lastRemoved = metadata.snapshotLog.findLastIndex((entry) => ids.has(entry.snapshotId));
  const refs = Object.entries(metadata.refs).filter(([, ref]) => !ids.has(ref.snapshotId));
  return {
    ...metadata,
    refs: Object.fromEntries(refs),
    snapshots: metadata.snapshots.filter((snapshot) => !ids.has(snapshot.snapshotId)),
    snapshotLog: metadata.snapshotLog.slice(lastRemoved + 1),
    statistics: metadata.statistics.filter((file) => !ids.has(file.snapshotId)),
    partitionStatistics: metadata.partitionStatistics.filter((file) => !ids.has(file.snapshotId)),
  };
}

/** Snapshots that one commit both added and replaced were current for nobody, so the log skips them. */
export function settleSnapshotLog(metadata: TableMetadata, { addedSnapshots }: Draft): TableMetadata {
  const { currentSnapshotId, snapshotLog } = metadata;
  const passing = (id: bigint) => addedSnapshots.has(id) && id !== currentSnapshotId;
  if (!snapshotLog.some((entry) => passing(entry.snapshotId))) return metadata;
  return { ...metadata, snapshotLog: snapshotLog.filter((entry) => !passing(entry.snapshotId)) };
}
