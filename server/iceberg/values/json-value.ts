import { formatValue } from '#shared/iceberg/format-value.ts';
import { parsePrimitive, type PrimitiveType } from '#shared/iceberg/types.ts';
import type { IcebergValue } from '#shared/iceberg/values.ts';
import { parseValueText } from './parse-text.ts';

/**
 * A value in the spec's single-value JSON form (appendix D), as column defaults have it: numbers as numbers,
 * decimals, dates and times as text, bytes as hexadecimal digits.
 *
 * @returns undefined where the JSON is no value of the type
 */
export function valueFromJson(type: PrimitiveType, json: unknown): IcebergValue | undefined {
  const { kind } = parsePrimitive(type);
  switch (kind) {
    case 'boolean':
      return typeof json === 'boolean' ? json : undefined;
    case 'int':
    case 'long':
      // Beyond 2^53 a number may not be the one that was written.
      return Number.isSafeInteger(json) || typeof json === 'bigint'
        ? (parseValueText(type, String(json)) ?? undefined)
        : undefined;
    case 'float':
    case 'double':
      if (typeof json === 'bigint') return Number(json);
      return typeof json === 'number' && Number.isFinite(json) ? json : undefined;
    case 'decimal':
      return typeof json === 'string' ? (parseValueText(type, json) ?? undefined) : undefined;
    case 'fixed': {
      const bytes = typeof json === 'string' ? parseValueText(type, json) : null;
      const { length } = parsePrimitive(type) as { readonly length: number };
      return bytes instanceof Uint8Array && bytes.length === length ? bytes : undefined;
    }
    case 'timestamp':
    case 'timestamp_ns':
      // A local time has no zone; one that comes with it would silently be shifted.
      if (typeof json !== 'string' || /(Z|[+-]\d{2}(:?\d{2})?)$/.test(json.slice(10))) return undefined;
      return parseValueText(type, json) ?? undefined;
    case 'timestamptz':
    case 'timestamptz_ns':
      if (typeof json !== 'string' || !/(Z|[+-]\d{2}:?\d{2})$/.test(json.slice(10))) return undefined;
      return parseValueText(type, json) ?? undefined;
    default:
      return typeof json === 'string' ? (parseValueText(type, json) ?? undefined) : undefined;
  }
}

/** The inverse of valueFromJson: the form that other readers know. */
export function valueToJson(type: PrimitiveType, value: IcebergValue): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  const { kind } = parsePrimitive(type);
  switch (kind) {
    case 'boolean':
    case 'int':
    case 'float':
    case 'double':
      return value;
    case 'long':
      return typeof value === 'bigint' &&
        BigInt(Number(value)) === value &&
        Number.isSafeInteger(Number(value))
        ? Number(value)
        : value;
    case 'timestamp':
    case 'timestamp_ns':
      return formatValue(type, value).replace(' ', 'T');
    case 'timestamptz':
    case 'timestamptz_ns':
      return `${formatValue(type, value).replace(' ', 'T')}:00`;
    default:
      return formatValue(type, value);
  }
}
