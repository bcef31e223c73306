import { isPrimitive, parsePrimitive, type IcebergType, type NestedField } from '#shared/iceberg/types.ts';
import type { Members, Value, WrittenFile } from '#shared/iceberg/testing/evolution.ts';
import type { AvroRecord, AvroSchema } from '../../iceberg/avro/schema.ts';
import { writeAvroFile, type WriteCodec } from '../../iceberg/avro/write-container.ts';
import { decimalSize } from '../../iceberg/manifest/partition-type.ts';
import { parseValueText } from '../../iceberg/values/parse-text.ts';
import { encodeValue } from '../../iceberg/values/single-value.ts';

/** A data file as Iceberg's Avro writers make them: field ids, names in Avro's letters, maps by the type of their keys. */
export function avroFile({ fields, rows }: WrittenFile, codec: WriteCodec = 'deflate'): Uint8Array {
  return writeAvroFile({
    schema: recordOf('table', fields),
    records: rows.map((row) => membersOf(fields, row)),
    metadata: {},
    codec,
  });
}

function recordOf(name: string, fields: readonly NestedField[]): AvroRecord {
  return {
    type: 'record',
    name,
    fields: fields.map((field) => ({
      name: `f${field.id}`,
      'iceberg-field-name': field.name,
      'field-id': field.id,
      ...(field.required
        ? { type: schemaOf(field.type, field.id) }
        : {
            type: field.type === 'unknown' ? 'null' : ['null', schemaOf(field.type, field.id)],
            default: null,
          }),
    })),
  };
}

function schemaOf(type: IcebergType, id: number): AvroSchema {
  if (isPrimitive(type)) return primitiveOf(type, id);
  switch (type.type) {
    case 'struct':
      return recordOf(`r${id}`, type.fields);
    case 'list':
      return {
        type: 'array',
        items: ['null', schemaOf(type.element, type.elementId)],
        'element-id': type.elementId,
      };
    case 'map': {
      const values = ['null', schemaOf(type.value, type.valueId)] as const;
      if (type.key === 'string') {
        const ids = { 'key-id': type.keyId, 'value-id': type.valueId };
        return { type: 'map', values, ...ids };
      }
      const items: AvroRecord = {
        type: 'record',
        name: `k${type.keyId}_v${type.valueId}`,
        fields: [
          { name: 'key', type: schemaOf(type.key, type.keyId), 'field-id': type.keyId },
          { name: 'value', type: values, 'field-id': type.valueId, default: null },
        ],
      };
      return { type: 'array', logicalType: 'map', items };
    }
  }
}

function primitiveOf(text: string, id: number): AvroSchema {
  const primitive = parsePrimitive(text);
  switch (primitive.kind) {
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
      return { type: 'long', logicalType: 'timestamp-nanos', 'adjust-to-utc': false };
    case 'decimal': {
      const { precision, scale } = primitive;
      const size = decimalSize(precision);
      return { type: 'fixed', name: `d${id}`, size, logicalType: 'decimal', precision, scale };
    }
    case 'uuid':
      return { type: 'fixed', name: `u${id}`, size: 16, logicalType: 'uuid' };
    case 'fixed':
      return { type: 'fixed', name: `x${id}`, size: primitive.length };
    case 'binary':
      return 'bytes';
    default:
      return text as AvroSchema;
  }
}

function membersOf(fields: readonly NestedField[], values: Members): Record<string, unknown> {
  return Object.fromEntries(
    fields.map((field) => [`f${field.id}`, valueOf(field.type, values[field.id] ?? null)]),
  );
}

function valueOf(type: IcebergType, value: Value): unknown {
  if (value === null) return null;
  if (isPrimitive(type)) return primitiveValue(type, value as string);
  switch (type.type) {
    case 'struct':
      return membersOf(type.fields, value);
    case 'list':
      return (value as readonly Value[]).map((item) => valueOf(type.element, item));
    case 'map': {
      const pairs = (value as readonly (readonly Value[])[]).map(([key = null, item = null]) => ({
        key: valueOf(type.key, key),
        value: valueOf(type.value, item),
      }));
      return type.key === 'string' ? Object.fromEntries(pairs.map((pair) => [pair.key, pair.value])) : pairs;
    }
  }
}

function primitiveValue(type: string, text: string): unknown {
  const primitive = parsePrimitive(type);
  switch (primitive.kind) {
    case 'string':
      return text;
    case 'binary':
    case 'fixed':
      return Buffer.from(text, 'hex');
    case 'uuid':
      return Buffer.from(text.replaceAll('-', ''), 'hex');
    case 'float':
    case 'double':
      return Number(text);
    case 'decimal': {
      const bytes = Buffer.from(encodeValue(type, parseValueText(type, text) ?? 0n));
      const padding = Buffer.alloc(
        decimalSize(primitive.precision) - bytes.length,
        text.startsWith('-') ? 255 : 0,
      );
      return Buffer.concat([padding, bytes]);
    }
    default:
      return parseValueText(type, text);
  }
}
