import { civilFromDays } from '#shared/iceberg/civil-date.ts';
import type { Transform } from '#shared/iceberg/partition.ts';
import { parsePrimitive, type PrimitiveKind, type PrimitiveType } from '#shared/iceberg/types.ts';
import type { IcebergValue } from '#shared/iceberg/values.ts';
import { encodeValue, twosComplement } from '../values/single-value.ts';
import { textPrefix } from '../values/truncate.ts';
import { murmur3 } from './murmur3.ts';

const BUCKET = kinds(
  'int long decimal date time timestamp timestamptz timestamp_ns timestamptz_ns string uuid fixed binary',
);
const TRUNCATE = kinds('int long decimal string binary');
const DATED = kinds('date timestamp timestamptz timestamp_ns timestamptz_ns');
const TIMED = kinds('timestamp timestamptz timestamp_ns timestamptz_ns');
const NOT_IDENTITY = kinds('variant geometry geography unknown');

function kinds(names: string): ReadonlySet<string> {
  return new Set(names.split(' '));
}

/** The type of a transform's values; null where it does not apply to the source type or is not known. */
export function transformResultType(transform: Transform, source: PrimitiveType): PrimitiveType | null {
  const { kind } = parsePrimitive(source);
  switch (transform.kind) {
    case 'identity':
      return NOT_IDENTITY.has(kind) ? null : source;
    case 'void':
      return source;
    case 'bucket':
      return BUCKET.has(kind) ? 'int' : null;
    case 'truncate':
      return TRUNCATE.has(kind) ? source : null;
    case 'year':
    case 'month':
      return DATED.has(kind) ? 'int' : null;
    case 'day':
      return DATED.has(kind) ? 'date' : null;
    case 'hour':
      return TIMED.has(kind) ? 'int' : null;
    case 'unknown':
      return null;
  }
}

/**
 * A column's value → its partition value. Null stays null.
 *
 * @returns undefined where the transform is not known or does not apply to the value
 */
export function applyTransform(
  transform: Transform,
  source: PrimitiveType,
  value: IcebergValue | null,
): IcebergValue | null | undefined {
  if (transform.kind === 'void' || value === null) return null;
  if (transformResultType(transform, source) === null) return undefined;
  const { kind } = parsePrimitive(source);
  switch (transform.kind) {
    case 'identity':
      return value;
    case 'bucket':
      return bucket(transform.buckets, kind, source, value);
    case 'truncate':
      return truncate(transform.width, kind, value);
    case 'year':
    case 'month':
    case 'day':
    case 'hour':
      return timePart(transform.kind, kind, value);
    case 'unknown':
      return undefined;
  }
}

function bucket(
  buckets: number,
  kind: PrimitiveKind,
  source: PrimitiveType,
  value: IcebergValue,
): number | undefined {
  const bytes = hashedBytes(kind, source, value);
  return bytes === undefined ? undefined : (murmur3(bytes) & 0x7fffffff) % buckets;
}

/** The bytes that the spec hashes: every integer as a long, nanoseconds as the microseconds they lie in. */
function hashedBytes(
  kind: PrimitiveKind,
  source: PrimitiveType,
  value: IcebergValue,
): Uint8Array | undefined {
  switch (kind) {
    case 'int':
    case 'long':
    case 'date':
    case 'time':
    case 'timestamp':
    case 'timestamptz': {
      const integer = toBigInt(value);
      return integer === undefined ? undefined : encodeValue('long', BigInt.asIntN(64, integer));
    }
    case 'timestamp_ns':
    case 'timestamptz_ns': {
      const nanos = toBigInt(value);
      return nanos === undefined ? undefined : encodeValue('long', floorDivide(nanos, 1000n));
    }
    case 'decimal': {
      const unscaled = toBigInt(value);
      return unscaled === undefined ? undefined : twosComplement(unscaled);
    }
    case 'string':
    case 'uuid':
      return typeof value === 'string' ? encodeValue(source, value) : undefined;
    default:
      return value instanceof Uint8Array ? value : undefined;
  }
}

const LOWEST: Partial<Record<PrimitiveKind, bigint>> = { int: -(2n ** 31n), long: -(2n ** 63n) };

function truncate(width: number, kind: PrimitiveKind, value: IcebergValue): IcebergValue | undefined {
  if (typeof value === 'string') return textPrefix(value, width);
  if (value instanceof Uint8Array) return value.slice(0, width);
  const integer = toBigInt(value);
  if (integer === undefined) return undefined;
  const floor = floorDivide(integer, BigInt(width)) * BigInt(width);
  // Below the type's lowest value there is none to store: the lowest keeps the order, which pruning goes by.
  const lowest = LOWEST[kind];
  const truncated = lowest !== undefined && floor < lowest ? lowest : floor;
  return typeof value === 'number' ? Number(truncated) : truncated;
}

const UNITS_PER_DAY: Partial<Record<PrimitiveKind, bigint>> = {
  date: 1n,
  timestamp: 86_400_000_000n,
  timestamptz: 86_400_000_000n,
  timestamp_ns: 86_400_000_000_000n,
  timestamptz_ns: 86_400_000_000_000n,
};

function timePart(
  part: 'year' | 'month' | 'day' | 'hour',
  kind: PrimitiveKind,
  value: IcebergValue,
): number | undefined {
  const units = UNITS_PER_DAY[kind];
  const instant = toBigInt(value);
  if (units === undefined || instant === undefined) return undefined;
  if (part === 'hour') return Number(floorDivide(instant, units / 24n));
  const days = Number(floorDivide(instant, units));
  if (part === 'day') return days;
  const { year, month } = civilFromDays(days);
  return part === 'year' ? year - 1970 : (year - 1970) * 12 + month - 1;
}

function toBigInt(value: IcebergValue): bigint | undefined {
  if (typeof value === 'bigint') return value;
  return typeof value === 'number' && Number.isInteger(value) ? BigInt(value) : undefined;
}

function floorDivide(value: bigint, divisor: bigint): bigint {
  const quotient = value / divisor;
  return value % divisor < 0n ? quotient - 1n : quotient;
}
