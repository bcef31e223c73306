import type { OptimizeResult } from '#shared/contract/maintenance.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import { layersOf } from '#server/iceberg/maintenance/file-layers.ts';
import type { DataFile } from '#server/iceberg/manifest/data-file.ts';
import { loadManifestList } from '#server/iceberg/manifest/load-manifests.ts';
import { currentSchema, currentSnapshot, specById } from '#server/iceberg/metadata/lookup.ts';
import { partitionKey } from '#server/iceberg/scan/partition-key.ts';
import type { MaintenanceContext } from './context.ts';

type TableSize = OptimizeResult['before'];

/** @param fieldIds columns that the table is ordered by; none: nothing is said of layers */
export async function tableSize(
  ctx: MaintenanceContext,
  metadata: TableMetadata,
  files: readonly DataFile[],
  fieldIds: readonly number[],
): Promise<TableSize> {
  const snapshot = currentSnapshot(metadata);
  const manifests =
    snapshot === undefined ? [] : await loadManifestList(ctx.io, snapshot, { cache: ctx.manifests });
  const live = (content: 'data' | 'deletes') =>
    manifests
      .filter((manifest) => manifest.content === content)
      .reduce((sum, one) => sum + (one.addedFilesCount ?? 0) + (one.existingFilesCount ?? 0), 0);
  return {
    files: files.length,
    bytes: total(files, ({ fileSizeInBytes }) => fileSizeInBytes),
    rows: total(files, ({ recordCount }) => recordCount),
    deleteFiles: live('deletes'),
    manifests: manifests.length,
    snapshots: metadata.snapshots.length,
    ...(fieldIds.length === 0 || files.length === 0
      ? {}
      : { layers: averageLayers(metadata, files, fieldIds) }),
  };
}

export function total(files: readonly DataFile[], of: (file: DataFile) => bigint): string {
  return String(files.reduce((sum, file) => sum + of(file), 0n));
}

function averageLayers(
  metadata: TableMetadata,
  files: readonly DataFile[],
  fieldIds: readonly number[],
): number {
  const partitions = new Map<string, DataFile[]>();
  for (const file of files) {
    const key = partitionKey(file, specById(metadata, file.specId));
    const known = partitions.get(key);
    if (known === undefined) partitions.set(key, [file]);
    else known.push(file);
  }
  const layers = [...partitions.values()].map(
    (partition) => layersOf(partition, currentSchema(metadata), fieldIds).length,
  );
  return layers.reduce((sum, count) => sum + count, 0) / layers.length;
}
