import { parsePrimitive, type PrimitiveType } from '#shared/iceberg/types.ts';
import type { IcebergValue } from '#shared/iceberg/values.ts';
import { AppError } from '#shared/errors/app-error.ts';

const DECODER = new TextDecoder('utf-8', { fatal: true });
const ENCODER = new TextEncoder();

/**
 * A value in the spec's single-value binary form (appendix D), as bounds hold it: numbers little-endian,
 * decimals as the shortest big-endian two's complement, text as UTF-8.
 *
 * @throws INVALID_INPUT when the value is not of the type.
 */
export function encodeValue(type: PrimitiveType, value: IcebergValue): Uint8Array {
  const primitive = parsePrimitive(type);
  switch (primitive.kind) {
    case 'boolean':
      if (typeof value === 'boolean') return Uint8Array.of(value ? 1 : 0);
      break;
    case 'int':
    case 'date':
      if (typeof value === 'number' && (value | 0) === value)
        return packed(4, (view) => view.setInt32(0, value, true));
      break;
    case 'long':
    case 'time':
    case 'timestamp':
    case 'timestamptz':
    case 'timestamp_ns':
    case 'timestamptz_ns':
      if (typeof value === 'bigint' && BigInt.asIntN(64, value) === value) {
        return packed(8, (view) => view.setBigInt64(0, value, true));
      }
      break;
    case 'float':
      if (typeof value === 'number') return packed(4, (view) => view.setFloat32(0, value, true));
      break;
    case 'double':
      if (typeof value === 'number') return packed(8, (view) => view.setFloat64(0, value, true));
      break;
    case 'decimal':
      if (typeof value === 'bigint') return twosComplement(value);
      break;
    case 'string':
      if (typeof value === 'string') return ENCODER.encode(value);
      break;
    case 'uuid':
      if (typeof value === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value)) {
        return Uint8Array.from(Buffer.from(value.replaceAll('-', ''), 'hex'));
      }
      break;
    case 'fixed':
      if (value instanceof Uint8Array && value.length === primitive.length) return value;
      break;
    case 'binary':
      if (value instanceof Uint8Array) return value;
      break;
    default:
      break;
  }
  throw new AppError('INVALID_INPUT', `The value ${String(value)} is not of Iceberg type ${type}.`, {
    context: { type },
  });
}

/**
 * The inverse of encodeValue. A value written before its column was widened (int → long, float → double) is
 * read as the wider type.
 *
 * @returns undefined where the bytes are no value of the type: such a bound says nothing
 */
export function decodeValue(type: PrimitiveType, bytes: Uint8Array): IcebergValue | undefined {
  const primitive = parsePrimitive(type);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  switch (primitive.kind) {
    case 'boolean':
      return bytes.length === 1 ? bytes[0] !== 0 : undefined;
    case 'int':
    case 'date':
      return bytes.length === 4 ? view.getInt32(0, true) : undefined;
    case 'long':
    case 'time':
    case 'timestamp':
    case 'timestamptz':
    case 'timestamp_ns':
    case 'timestamptz_ns':
      if (bytes.length === 8) return view.getBigInt64(0, true);
      return bytes.length === 4 && primitive.kind === 'long' ? BigInt(view.getInt32(0, true)) : undefined;
    case 'float':
      return bytes.length === 4 ? view.getFloat32(0, true) : undefined;
    case 'double':
      if (bytes.length === 8) return view.getFloat64(0, true);
      return bytes.length === 4 ? view.getFloat32(0, true) : undefined;
    case 'decimal':
      return bytes.length >= 1 && bytes.length <= 17 ? fromTwosComplement(bytes) : undefined;
    case 'string':
      return decodeText(bytes);
    case 'uuid':
      return bytes.length === 16 ? formatUuid(bytes) : undefined;
    case 'fixed':
    case 'binary':
      return bytes;
    default:
      return undefined;
  }
}

/** The shortest big-endian two's complement of an integer; at least one byte. */
export function twosComplement(value: bigint): Uint8Array {
  let length = 1;
  while (BigInt.asIntN(length * 8, value) !== value) length += 1;
  return sizedTwosComplement(value, length);
}

/** Big-endian two's complement in a fixed number of bytes, which must be enough. */
export function sizedTwosComplement(value: bigint, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let rest = BigInt.asUintN(length * 8, value);
  for (let at = length - 1; at >= 0; at -= 1) {
    bytes[at] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  return bytes;
}

export function fromTwosComplement(bytes: Uint8Array): bigint {
  let value = 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  return BigInt.asIntN(bytes.length * 8, value);
}

export function formatUuid(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function decodeText(bytes: Uint8Array): string | undefined {
  try {
    return DECODER.decode(bytes);
  } catch {
    return undefined;
  }
}

function packed(length: number, write: (view: DataView) => void): Uint8Array {
  const bytes = new Uint8Array(length);
  write(new DataView(bytes.buffer));
  return bytes;
}
