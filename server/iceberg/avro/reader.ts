import { formatUuid, fromTwosComplement } from '../values/single-value.ts';
import { AvroDecodeError, type AvroCursor } from './cursor.ts';

export type Decode = (cursor: AvroCursor) => unknown;

export interface Reader {
  readonly decode: Decode;
  readonly skip: (cursor: AvroCursor) => void;
  /** The fewest bytes a value can take. */
  readonly minSize: number;
  /** How values are laid out, where that is something simple. */
  readonly wire?: 'null' | 'varint' | 'bytes';
  /** Skips a value and says where it was; null where it was null. */
  readonly place?: (cursor: AvroCursor) => number | null;
  readonly find?: Find;
}

/** The value of one key of a map, without making the map. */
export type Find = (cursor: AvroCursor, key: number) => unknown;

export type Json = Readonly<Record<string, unknown>>;

/** The reader of a primitive type, by its name and its logical type. */
export function primitive(type: string, json: Json): Reader {
  const logical = json['logicalType'];
  const simple = (minSize: number, decode: Decode): Reader => ({
    decode,
    skip: (cursor) => cursor.skip(minSize),
    minSize,
  });
  const varint = (decode: Decode): Reader => ({
    decode,
    skip: (cursor) => cursor.skipVarint(),
    minSize: 1,
    wire: 'varint',
  });
  const bytes = (decode: Decode): Reader => ({
    decode,
    skip: (cursor) => cursor.skip(cursor.length()),
    minSize: 1,
    wire: 'bytes',
  });
  switch (type) {
    case 'null':
      return { ...simple(0, () => null), wire: 'null' };
    case 'boolean':
      return simple(1, (cursor) => cursor.boolean());
    case 'int':
      // time-millis is no Iceberg type, but its value is a time, which is microseconds here.
      return varint(
        logical === 'time-millis' ? (cursor) => BigInt(cursor.int()) * 1000n : (cursor) => cursor.int(),
      );
    case 'long':
      return varint(
        logical === 'timestamp-millis' ? (cursor) => cursor.long() * 1000n : (cursor) => cursor.long(),
      );
    case 'float':
      return simple(4, (cursor) => cursor.float());
    case 'double':
      return simple(8, (cursor) => cursor.double());
    case 'bytes':
      return bytes(
        logical === 'decimal'
          ? (cursor) => fromTwosComplement(cursor.bytesValue())
          : (cursor) => cursor.bytesValue(),
      );
    case 'string':
      return bytes((cursor) => cursor.text());
    default:
      throw new AvroDecodeError(`its schema names the type '${type}', which it does not define`);
  }
}

export function fixed(json: Json): Reader {
  const size = json['size'];
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) {
    throw new AvroDecodeError('its schema has a fixed type without a size');
  }
  const value = (bytes: Uint8Array): unknown => {
    if (json['logicalType'] === 'decimal') return fromTwosComplement(bytes);
    return json['logicalType'] === 'uuid' && size === 16 ? formatUuid(bytes) : bytes;
  };
  return {
    decode: (cursor) => value(cursor.fixed(size)),
    skip: (cursor) => cursor.skip(size),
    minSize: size,
  };
}
