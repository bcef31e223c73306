import { AppError } from '#shared/errors/app-error.ts';
import type { SnapshotRef } from '#shared/iceberg/snapshot.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import type { TableChange, TableUpdate } from '#shared/iceberg/table-update.ts';
import { snapshotById } from '../metadata/lookup.ts';
import { requirementsFor } from '../metadata/update-requirements.ts';
import { ancestorsOf, MAIN } from '../transaction/snapshot-history.ts';

export interface ExpireOptions {
  /**
   * Snapshots made before, milliseconds since 1970 UTC; the table's `history.expire.max-snapshot-age-ms` (5 days)
   * ago where not given. With `snapshotIds` alone nothing else expires.
   */
  readonly olderThanMs?: number;
  /** Of each branch, however old; the table's `history.expire.min-snapshots-to-keep` (1) where not given. */
  readonly retainLast?: number;
  /** These, however young. */
  readonly snapshotIds?: readonly bigint[];
  readonly now?: number;
}

export interface Expiry {
  /** Oldest first. */
  readonly snapshotIds: readonly bigint[];
  /** Branches and tags of the table that are too old. */
  readonly refs: readonly string[];
  readonly change: TableChange;
}

const FIVE_DAYS_MS = 5 * 24 * 3600 * 1000;

/**
 * Which snapshots and refs of a table are kept no longer. What a ref that stays points at is never among them,
 * nor what its branch keeps; what no ref reaches goes by age alone.
 *
 * @throws INVALID_INPUT where the table forbids it (`gc.enabled`), or a ref points at a snapshot to expire;
 *   SNAPSHOT_NOT_FOUND
 */
export function expireSnapshots(metadata: TableMetadata, options: ExpireOptions = {}): Expiry {
  const { snapshotIds = [], now = Date.now() } = options;
  if (metadata.properties['gc.enabled']?.toLowerCase() === 'false') {
    throw new AppError(
      'INVALID_INPUT',
      `Snapshots of the table at ${metadata.location} cannot expire: its property gc.enabled is false, since other tables may use its files.`,
      { context: { location: metadata.location } },
    );
  }
  for (const id of snapshotIds) snapshotById(metadata, id);
  const byAge =
    options.olderThanMs !== undefined || options.retainLast !== undefined || snapshotIds.length === 0;
  const keptRefs = Object.entries(metadata.refs).filter(
    ([name, ref]) => !byAge || !refTooOld(metadata, name, ref, now),
  );
  for (const [name, ref] of keptRefs) {
    if (!snapshotIds.includes(ref.snapshotId)) continue;
    throw new AppError(
      'INVALID_INPUT',
      `The snapshot ${ref.snapshotId} cannot expire: the ${ref.type} '${name}' of the table points at it.`,
      { context: { snapshotId: ref.snapshotId, ref: name } },
    );
  }
  const kept = byAge ? keptByAge(metadata, keptRefs, options, now) : new Set(metadata.snapshots.map(idOf));
  for (const id of snapshotIds) kept.delete(id);
  const expired = metadata.snapshots.filter((snapshot) => !kept.has(snapshot.snapshotId)).map(idOf);
  const keptNames = new Set(keptRefs.map(([name]) => name));
  const refs = Object.keys(metadata.refs).filter((name) => !keptNames.has(name));
  const updates: readonly TableUpdate[] = [
    ...refs.map((refName) => ({ action: 'remove-snapshot-ref' as const, refName })),
    ...(expired.length === 0 ? [] : [{ action: 'remove-snapshots' as const, snapshotIds: expired }]),
  ];
  const requirements = updates.length === 0 ? [] : requirementsFor(metadata, updates);
  return { snapshotIds: expired, refs, change: { updates, requirements } };
}

function idOf(snapshot: { readonly snapshotId: bigint }): bigint {
  return snapshot.snapshotId;
}

function refTooOld(metadata: TableMetadata, name: string, ref: SnapshotRef, now: number): boolean {
  if (name === MAIN) return false;
  const maxAge = ref.maxRefAgeMs ?? longProperty(metadata, 'history.expire.max-ref-age-ms', Infinity);
  const snapshot = metadata.snapshots.find((candidate) => candidate.snapshotId === ref.snapshotId);
  return snapshot === undefined || now - snapshot.timestampMs > maxAge;
}

function keptByAge(
  metadata: TableMetadata,
  refs: readonly (readonly [string, SnapshotRef])[],
  { olderThanMs, retainLast }: ExpireOptions,
  now: number,
): Set<bigint> {
  const tableLimit =
    olderThanMs ?? now - longProperty(metadata, 'history.expire.max-snapshot-age-ms', FIVE_DAYS_MS);
  const tableMinimum = retainLast ?? longProperty(metadata, 'history.expire.min-snapshots-to-keep', 1);
  if (tableMinimum < 1)
    throw new AppError('INVALID_INPUT', `Of a branch at least 1 snapshot is kept, not ${tableMinimum}.`);
  const kept = new Set<bigint>();
  const reached = new Set<bigint>();
  for (const [, ref] of refs) {
    kept.add(ref.snapshotId);
    reached.add(ref.snapshotId);
    if (ref.type === 'tag') continue;
    const limit = ref.maxSnapshotAgeMs === undefined ? tableLimit : now - ref.maxSnapshotAgeMs;
    const minimum = ref.minSnapshotsToKeep ?? tableMinimum;
    const head = metadata.snapshots.find((snapshot) => snapshot.snapshotId === ref.snapshotId);
    let count = 0;
    let keeping = true;
    for (const { snapshotId, timestampMs } of ancestorsOf(metadata, head)) {
      reached.add(snapshotId);
      // A history has no holes: behind the first that goes, all go.
      keeping &&= count < minimum || timestampMs >= limit;
      if (keeping) kept.add(snapshotId);
      count += 1;
    }
  }
  for (const { snapshotId, timestampMs } of metadata.snapshots)
    if (!reached.has(snapshotId) && timestampMs >= tableLimit) kept.add(snapshotId);
  return kept;
}

function longProperty(metadata: TableMetadata, name: string, fallback: number): number {
  const text = metadata.properties[name];
  if (text === undefined) return fallback;
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value)) return value;
  throw new AppError('INVALID_INPUT', `The table's property '${name}' is '${text}', which is no number.`, {
    context: { property: name },
  });
}
