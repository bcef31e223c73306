import { headOf, MAIN, snapshotsSince } from '#server/iceberg/transaction/snapshot-history.ts';
import { planFiles } from '#server/iceberg/scan/plan-files.ts';
import type { ScanSource } from '#server/engine/plan/scan-source.ts';
import type { StatementContext } from './statement-context.ts';

/**
 * A scan of the files alone that were added to its table since a snapshot; where more than that happened to the table,
 * what: `"… has lost rows since"`.
 *
 * @param since null or undefined: the table had no snapshot
 */
export async function addedFiles(
  { io, manifests: cache }: StatementContext,
  source: ScanSource,
  since: string | undefined,
): Promise<ScanSource | string> {
  if (source.table === null) return source;
  const { metadata } = source.table;
  const start = since === undefined ? null : BigInt(since);
  const snapshots = snapshotsSince(metadata, start, headOf(metadata, MAIN));
  if (snapshots === null) return 'was rolled back since, or its history has expired';
  const other = snapshots.find(({ summary }) => summary.operation !== 'append');
  if (other !== undefined)
    return other.summary.operation === 'replace' ? 'was compacted since' : 'has changed or lost rows since';
  const before = start === null ? [] : (await planFiles({ io, metadata, snapshotId: start, cache })).files;
  const known = new Set(before.map(({ file }) => file.filePath));
  const isNew = source.files.map((path) => !known.has(path));
  const only = <T>(items: readonly T[]): readonly T[] => items.filter((_, index) => isNew[index] === true);
  return {
    ...source,
    scan: { ...source.scan, files: source.scan.files.filter((_, index) => isNew[index] === true) },
    files: only(source.files),
    formats: only(source.formats),
    deletes: only(source.deletes),
    planned: only(source.planned),
  };
}
