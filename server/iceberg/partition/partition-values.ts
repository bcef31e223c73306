import { AppError } from '#shared/errors/app-error.ts';
import { parseTransform, type PartitionSpec } from '#shared/iceberg/partition.ts';
import { findFieldById, type Schema } from '#shared/iceberg/schema.ts';
import { isPrimitive } from '#shared/iceberg/types.ts';
import type { IcebergValue } from '#shared/iceberg/values.ts';
import type { PartitionValues } from '../manifest/data-file.ts';
import { applyTransform } from './transforms.ts';

/**
 * The partition that a row belongs to.
 *
 * @param valueOf the row's value of a source column, by field id
 * @throws UNSUPPORTED for a transform that is not known
 */
export function partitionValuesOf(
  spec: PartitionSpec,
  schema: Schema,
  valueOf: (sourceId: number) => IcebergValue | null,
): PartitionValues {
  return new Map(
    spec.fields.map((field) => {
      const source = findFieldById(schema, field.sourceId);
      const value =
        source === undefined || !isPrimitive(source.type)
          ? undefined
          : applyTransform(parseTransform(field.transform), source.type, valueOf(field.sourceId));
      if (value !== undefined) return [field.fieldId, value];
      throw new AppError(
        'UNSUPPORTED',
        `Rows cannot be put into the partition field '${field.name}': its transform '${field.transform}' does not apply.`,
        { context: { field: field.name, transform: field.transform } },
      );
    }),
  );
}
