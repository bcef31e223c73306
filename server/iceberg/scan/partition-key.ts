import type { PartitionSpec } from '#shared/iceberg/partition.ts';
import type { IcebergValue } from '#shared/iceberg/values.ts';
import type { DataFile } from '../manifest/data-file.ts';

/**
 * Equal for files of one partition of one spec. A value written before its column was widened (int → long)
 * equals the wider one.
 */
export function partitionKey(file: DataFile, spec: PartitionSpec | undefined): string {
  let key = String(file.specId);
  if (spec === undefined) {
    for (const [id, value] of file.partition) key += `|${id}=${valueKey(value)}`;
    return key;
  }
  for (const { fieldId } of spec.fields) key += `|${valueKey(file.partition.get(fieldId) ?? null)}`;
  return key;
}

function valueKey(value: IcebergValue | null): string {
  if (typeof value === 'string') return `${value.length}:${value}`;
  if (value instanceof Uint8Array) return `x${Buffer.from(value).toString('hex')}`;
  return String(value);
}
