import type { PartitionSpec } from '#shared/iceberg/partition.ts';
import { compareValues } from '#shared/iceberg/values.ts';
import type { DataFile } from '../manifest/data-file.ts';
import { fileKey } from '../deletes/file-identity.ts';
import { partitionKey } from '../scan/partition-key.ts';
import { decodeValue } from '../values/single-value.ts';

/** The id of the column of a position delete file that has the data files' locations. */
const FILE_PATH_ID = 2_147_483_546;

/** Whether a delete file newer than all of the data files may apply to one of them. */
export function deletesMayApply(
  dataFiles: readonly DataFile[],
  specs: readonly PartitionSpec[],
): (deletes: DataFile) => boolean {
  const specOf = (file: DataFile) => specs.find((spec) => spec.specId === file.specId);
  const byPath = new Set(dataFiles.map((file) => fileKey(file.filePath)));
  const byPartition = new Map<string, DataFile[]>();
  for (const file of dataFiles) {
    const key = partitionKey(file, specOf(file));
    byPartition.set(key, [...(byPartition.get(key) ?? []), file]);
  }
  return (deletes) => {
    if (deletes.referencedDataFile !== undefined) return byPath.has(fileKey(deletes.referencedDataFile));
    const equality = deletes.content === 'equality-deletes';
    // Equality deletes of an unpartitioned spec are for the whole table.
    if (equality && specOf(deletes)?.fields.length === 0) return true;
    const near = byPartition.get(partitionKey(deletes, specOf(deletes))) ?? [];
    return equality ? near.length > 0 : near.some((file) => mayName(deletes, file.filePath));
  };
}

/** By the bounds of the locations that a position delete file has. */
function mayName(deletes: DataFile, path: string): boolean {
  const lower = bound(deletes.lowerBounds?.get(FILE_PATH_ID));
  const upper = bound(deletes.upperBounds?.get(FILE_PATH_ID));
  return (
    (lower === undefined || compareValues(lower, path) <= 0) &&
    (upper === undefined || compareValues(upper, path) >= 0)
  );
}

function bound(bytes: Uint8Array | undefined): string | undefined {
  const value = bytes === undefined ? undefined : decodeValue('string', bytes);
  return typeof value === 'string' ? value : undefined;
}
