import type { PartitionField, PartitionSpec } from '#shared/iceberg/partition.ts';
import { parseTransform } from '#shared/iceberg/partition.ts';
import { findFieldById, type Schema } from '#shared/iceberg/schema.ts';
import { isPrimitive, parsePrimitive, type PrimitiveType } from '#shared/iceberg/types.ts';
import { optional, type AvroRecord, type AvroSchema } from '../avro/schema.ts';
import { transformResultType } from '../partition/transforms.ts';

/** A partition field with the type of its values; null where the source is gone or the transform unknown. */
export interface TypedPartitionField extends PartitionField {
  readonly type: PrimitiveType | null;
  readonly sourceType: PrimitiveType | null;
}

/** @param schemas newest first: a source that the newest has dropped keeps the type it had */
export function typedPartitionFields(
  spec: PartitionSpec,
  schemas: readonly Schema[],
): readonly TypedPartitionField[] {
  return spec.fields.map((field) => {
    const source = schemas.map((schema) => findFieldById(schema, field.sourceId)).find((found) => found);
    const sourceType = source !== undefined && isPrimitive(source.type) ? source.type : null;
    const type =
      sourceType === null ? null : transformResultType(parseTransform(field.transform), sourceType);
    return { ...field, type, sourceType };
  });
}

/** The Avro record in which a manifest holds partition values. */
export function partitionRecord(fields: readonly TypedPartitionField[]): AvroRecord {
  const seen = new Set<string>();
  return {
    type: 'record',
    name: 'r102',
    fields: fields.map((field) => {
      let name = avroName(field.name);
      while (seen.has(name)) name = `${name}_`;
      seen.add(name);
      return optional(field.fieldId, name, avroTypeOf(field.type ?? 'string', field.fieldId));
    }),
  };
}

function avroTypeOf(type: PrimitiveType, fieldId: number): AvroSchema {
  const primitive = parsePrimitive(type);
  switch (primitive.kind) {
    case 'boolean':
    case 'int':
    case 'long':
    case 'float':
    case 'double':
    case 'string':
      return primitive.kind;
    case 'date':
      return { type: 'int', logicalType: 'date' };
    case 'time':
      return { type: 'long', logicalType: 'time-micros' };
    case 'timestamp':
    case 'timestamptz':
      return {
        type: 'long',
        logicalType: 'timestamp-micros',
        'adjust-to-utc': primitive.kind === 'timestamptz',
      };
    case 'timestamp_ns':
    case 'timestamptz_ns':
      return {
        type: 'long',
        logicalType: 'timestamp-nanos',
        'adjust-to-utc': primitive.kind === 'timestamptz_ns',
      };
    case 'decimal': {
      const { precision, scale } = primitive;
      const name = `decimal_${precision}_${scale}_${fieldId}`;
      return { type: 'fixed', name, size: decimalSize(precision), logicalType: 'decimal', precision, scale };
    }
    case 'uuid':
      return { type: 'fixed', name: `uuid_${fieldId}`, size: 16, logicalType: 'uuid' };
    case 'fixed':
      return { type: 'fixed', name: `fixed_${primitive.length}_${fieldId}`, size: primitive.length };
    default:
      return 'bytes';
  }
}

/** The fewest bytes that hold every decimal of a precision. */
export function decimalSize(precision: number): number {
  let size = 1;
  while (2n ** BigInt(size * 8 - 1) < 10n ** BigInt(precision)) size += 1;
  return size;
}

/** Avro's names are letters, digits and underscores; others are written as the Java library writes them. */
function avroName(name: string): string {
  const encoded = Array.from(name, (char, index) => {
    if (/[A-Za-z_]/.test(char) || (/\d/.test(char) && index > 0)) return char;
    if (/\d/.test(char)) return `_${char}`;
    return `_x${(char.codePointAt(0) ?? 0).toString(16).toUpperCase()}`;
  });
  return encoded.join('') || '_';
}
