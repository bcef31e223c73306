import { duckDbTypeOf } from '#shared/iceberg/duckdb-types.ts';
import { formatValue } from '#shared/iceberg/format-value.ts';
import { parseTransform, type PartitionSpec } from '#shared/iceberg/partition.ts';
import type { NestedField } from '#shared/iceberg/types.ts';
import { isPrimitive } from '#shared/iceberg/types.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import type { IcebergValue } from '#shared/iceberg/values.ts';
import { quoteLiteral } from '#shared/sql/quoting.ts';
import type { DataFile } from '../../iceberg/manifest/data-file.ts';
import { typedPartitionFields, type TypedPartitionField } from '../../iceberg/manifest/partition-type.ts';

/**
 * What columns have in files that were written without them, as Hive writes the columns that it partitions by: then
 * the partition says it.
 */
export class FileConstants {
  readonly #fields = new Map<number, readonly TypedPartitionField[]>();

  constructor({ partitionSpecs, schemas }: TableMetadata) {
    const newestFirst = [...schemas].reverse();
    for (const spec of partitionSpecs) this.#fields.set(spec.specId, identityFields(spec, newestFirst));
  }

  /**
   * SQL constants by field id; null where there are none. Which columns a file lacks only the file says: some writers
   * leave them out and give their sizes all the same.
   */
  of(file: DataFile, columns: readonly NestedField[]): Readonly<Record<string, string>> | null {
    let constants: Record<string, string> | null = null;
    for (const { sourceId, fieldId, sourceType } of this.#fields.get(file.specId) ?? []) {
      const column = columns.find(({ id }) => id === sourceId);
      const value = file.partition.get(fieldId);
      if (column === undefined || value === undefined || sourceType === null || !isPrimitive(column.type))
        continue;
      constants ??= {};
      constants[sourceId] = `CAST(${constantSql(value, sourceType)} AS ${duckDbTypeOf(column.type)})`;
    }
    return constants;
  }
}

function identityFields(
  spec: PartitionSpec,
  schemas: Parameters<typeof typedPartitionFields>[1],
): readonly TypedPartitionField[] {
  return typedPartitionFields(spec, schemas).filter(
    ({ transform }) => parseTransform(transform).kind === 'identity',
  );
}

/** A value of a primitive type, as a constant. */
export function constantSql(value: IcebergValue | null, type: string): string {
  if (value === null) return 'NULL';
  if (value instanceof Uint8Array) return `unhex(${quoteLiteral(Buffer.from(value).toString('hex'))})`;
  return `CAST(${quoteLiteral(formatValue(type, value))} AS ${duckDbTypeOf(type)})`;
}
