/** How a leaf of a Parquet file is stored, by the numbers of parquet.thrift. */
export interface LeafType {
  /** Type. */
  readonly physical: number;
  /** ConvertedType. */
  readonly converted: number | null;
  /** The member of LogicalType. */
  readonly logical: number | null;
  readonly scale: number;
  /** The member of TimeUnit. */
  readonly unit: number | null;
  /** False for integers without a sign. */
  readonly signed: boolean;
}

const PHYSICAL = { boolean: 0, int32: 1, int64: 2, float: 4, double: 5, bytes: 6, fixed: 7 } as const;
const CONVERTED = { utf8: 0, decimal: 5, date: 6, micros: 10, unsigned: [11, 12, 13, 14] } as const;
const LOGICAL = { string: 1, decimal: 5, date: 6, timestamp: 8, integer: 10 } as const;
const MICROS = 2;

/** What the bytes are: of another kind they say nothing of the table's column, however many they are. */
export type BoundKind =
  | 'boolean'
  | 'integer'
  | 'date'
  | 'timestamp'
  | 'float'
  | 'double'
  | 'string'
  | 'decimal';

/** Null for what is not compared here: text of no known order, times, unsigned integers, other units. */
export function kindOf({ physical, converted, logical, unit, signed }: LeafType): BoundKind | null {
  switch (physical) {
    case PHYSICAL.boolean:
      return 'boolean';
    case PHYSICAL.float:
      return 'float';
    case PHYSICAL.double:
      return 'double';
    case PHYSICAL.int32:
    case PHYSICAL.int64:
      if (logical === LOGICAL.decimal || converted === CONVERTED.decimal) return 'decimal';
      if (logical === LOGICAL.date || converted === CONVERTED.date) return 'date';
      if (logical === LOGICAL.timestamp) return unit === MICROS ? 'timestamp' : null;
      if (converted === CONVERTED.micros) return 'timestamp';
      if (!signed || CONVERTED.unsigned.some((each) => each === converted)) return null;
      // 15 to 18: signed integers of some width.
      return (logical ?? LOGICAL.integer) === LOGICAL.integer && (converted === null || converted >= 15)
        ? 'integer'
        : null;
    case PHYSICAL.bytes:
      if (logical === LOGICAL.string || converted === CONVERTED.utf8) return 'string';
      return logical === LOGICAL.decimal || converted === CONVERTED.decimal ? 'decimal' : null;
    case PHYSICAL.fixed:
      return logical === LOGICAL.decimal || converted === CONVERTED.decimal ? 'decimal' : null;
    default:
      return null;
  }
}

/**
 * A bound of a column chunk in the single-value form of the Iceberg spec. Both write values as they lie in memory, but for
 * decimals, which Iceberg has with the highest byte first.
 *
 * @param type of a kind that is known
 */
export function boundOf(type: LeafType, bytes: Uint8Array): Uint8Array {
  // A copy, so that it does not hold the whole footer.
  const copy = bytes.slice();
  const turned =
    kindOf(type) === 'decimal' && (type.physical === PHYSICAL.int32 || type.physical === PHYSICAL.int64);
  return turned ? copy.reverse() : copy;
}
