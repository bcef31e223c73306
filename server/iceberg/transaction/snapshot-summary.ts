import type { Snapshot, SnapshotOperation, SnapshotSummary } from '#shared/iceberg/snapshot.ts';
import type { DataFile } from '../manifest/data-file.ts';

/** What a snapshot adds and removes, counted the way summaries name it. */
interface Change {
  readonly name: string;
  readonly total: string;
  readonly added: string;
  readonly deleted: string;
}

const COUNTERS: readonly Change[] = [
  { name: 'files', total: 'total-data-files', added: 'added-data-files', deleted: 'deleted-data-files' },
  { name: 'records', total: 'total-records', added: 'added-records', deleted: 'deleted-records' },
  { name: 'bytes', total: 'total-files-size', added: 'added-files-size', deleted: 'removed-files-size' },
];
const DELETE_TOTALS = ['total-delete-files', 'total-position-deletes', 'total-equality-deletes'];

/**
 * The summary of a snapshot that adds data files to its parent and removes none. A total that the parent
 * does not say is not guessed.
 *
 * @param extra properties of the caller's own, e.g. which engine wrote it
 */
export function appendSummary(
  files: readonly DataFile[],
  parent: Snapshot | undefined,
  extra: Readonly<Record<string, string>>,
): SnapshotSummary {
  const added: Record<string, bigint> = {
    files: BigInt(files.length),
    records: files.reduce((sum, file) => sum + file.recordCount, 0n),
    bytes: files.reduce((sum, file) => sum + file.fileSizeInBytes, 0n),
  };
  const summary: Record<string, string> = { ...extra };
  for (const counter of COUNTERS) {
    const amount = added[counter.name] ?? 0n;
    if (amount > 0n) summary[counter.added] = String(amount);
    setTotal(summary, counter.total, parent, amount);
  }
  summary['changed-partition-count'] = String(new Set(files.map(partitionKey)).size);
  for (const total of DELETE_TOTALS) setTotal(summary, total, parent, 0n);
  const operation: SnapshotOperation = 'append';
  return { ...summary, operation };
}

function setTotal(
  summary: Record<string, string>,
  name: string,
  parent: Snapshot | undefined,
  change: bigint,
): void {
  const before = parent === undefined ? '0' : parent.summary[name];
  if (before !== undefined && /^\d{1,19}$/.test(before)) summary[name] = String(BigInt(before) + change);
}

function partitionKey(file: DataFile): string {
  const values = [...file.partition].map(([id, value]) => [
    id,
    typeof value === 'bigint' ? `${value}n` : value instanceof Uint8Array ? [...value] : value,
  ]);
  return JSON.stringify([file.specId, values]);
}
