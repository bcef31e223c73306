import { compareValues, type IcebergValue } from '#shared/iceberg/values.ts';
import { encodeValue } from '../values/single-value.ts';
import type { FieldSummary, PartitionValues } from './data-file.ts';
import type { TypedPartitionField } from './partition-type.ts';

/** What the partition values of all files of a manifest are, field by field of its spec. */
export function summarizePartitions(
  fields: readonly TypedPartitionField[],
  partitions: readonly PartitionValues[],
): readonly FieldSummary[] {
  return fields.map((field) =>
    summarize(
      field,
      partitions.map((partition) => partition.get(field.fieldId) ?? null),
    ),
  );
}

function summarize(field: TypedPartitionField, values: readonly (IcebergValue | null)[]): FieldSummary {
  let lower: IcebergValue | null = null;
  let upper: IcebergValue | null = null;
  let containsNull = false;
  let containsNan = false;
  for (const value of values) {
    if (value === null) containsNull = true;
    else if (Number.isNaN(value)) containsNan = true;
    else {
      if (lower === null || compareValues(value, lower) < 0) lower = value;
      if (upper === null || compareValues(value, upper) > 0) upper = value;
    }
  }
  if (field.type === null || lower === null || upper === null) return { containsNull, containsNan };
  return {
    containsNull,
    containsNan,
    lowerBound: encodeValue(field.type, outwardZero(field.type, lower, -0)),
    upperBound: encodeValue(field.type, outwardZero(field.type, upper, 0)),
  };
}

/** The spec orders -0.0 before 0.0, which SQL holds equal: a bound that is zero has to be the outer one. */
export function outwardZero(type: string, value: IcebergValue, outer: number): IcebergValue {
  return value === 0 && (type === 'float' || type === 'double') ? outer : value;
}
