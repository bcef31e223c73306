import { parseTransform } from '#shared/iceberg/partition.ts';
import type { FormatVersion, TableMetadata } from '#shared/iceberg/table-metadata.ts';
import { isPrimitive, parsePrimitive, type IcebergType, type PrimitiveType } from '#shared/iceberg/types.ts';
import { valueFromJson, valueToJson } from '../values/json-value.ts';

/**
 * Whether a column may change its type in place: every value that files hold must be the same value of the new
 * type. int → long, float → double, more digits for a decimal of the same scale; in version 3 also date →
 * timestamp, and unknown → any.
 */
export function isPromotion(from: IcebergType, to: IcebergType, formatVersion: FormatVersion): boolean {
  if (!isPrimitive(from) || !isPrimitive(to)) return false;
  const [a, b] = [parsePrimitive(from), parsePrimitive(to)];
  if (a.kind === 'int') return b.kind === 'long';
  if (a.kind === 'float') return b.kind === 'double';
  if (a.kind === 'decimal' && b.kind === 'decimal') return a.scale === b.scale && a.precision < b.precision;
  if (formatVersion < 3) return false;
  if (a.kind === 'unknown') return b.kind !== 'unknown';
  return a.kind === 'date' && (b.kind === 'timestamp' || b.kind === 'timestamp_ns');
}

/**
 * The partition field, of any spec that files may be of, whose values would no longer be what its transform
 * makes of the column after a promotion; undefined where there is none.
 */
export function promotionBreaks(
  metadata: Pick<TableMetadata, 'partitionSpecs'>,
  sourceId: number,
  from: PrimitiveType,
): string | undefined {
  if (parsePrimitive(from).kind !== 'date') return undefined;
  const same = new Set(['year', 'month', 'day', 'void']);
  return metadata.partitionSpecs
    .flatMap((spec) => spec.fields)
    .find((field) => field.sourceId === sourceId && !same.has(parseTransform(field.transform).kind))?.name;
}

/** A default of the old type as one of the new. */
export function promoteDefault(from: PrimitiveType, to: PrimitiveType, json: unknown): unknown {
  const value = valueFromJson(from, json);
  if (value === undefined || typeof value !== 'number' || parsePrimitive(from).kind !== 'date') return json;
  const unitsPerDay = parsePrimitive(to).kind === 'timestamp_ns' ? 86_400_000_000_000n : 86_400_000_000n;
  return valueToJson(to, BigInt(value) * unitsPerDay);
}
