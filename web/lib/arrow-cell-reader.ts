import { DataType, IntervalUnit, TimeUnit, Type, UnionMode, type Data, type Union } from 'apache-arrow';
import { AppError } from '#shared/errors/app-error.ts';
import { bitText, decimalText, int128, intervalText, uuidText } from './arrow-scalars.ts';
import { structFieldName, type SqlType } from './format/duckdb-type.ts';
import { formatNanoseconds } from './format/temporal.ts';
import type { CellValue } from './result-table.ts';

/** Reads the cell at an index of one Arrow array. */
export type CellReader = (index: number) => CellValue;

const UTF8 = new TextDecoder();
const INT64_MAX = 2n ** 63n - 1n;
const TEXT: SqlType = { kind: 'text', name: 'VARCHAR' };

/**
 * A reader for one Arrow array, driven by its Arrow type where that says all, and by the DuckDB type where Arrow has no
 * word of its own for it: HUGEINT comes as DECIMAL(38,0), BIT as bytes, UUID as bytes or text.
 */
export function cellReader(data: Data, type: SqlType): CellReader {
  const read = valueReader(data, type);
  return (index) => (data.getValid(index) ? read(index) : null);
}

function valueReader(data: Data, type: SqlType): CellReader {
  const arrow: DataType = data.type;
  const values = data.values as never;
  if (DataType.isNull(arrow)) return () => null;
  if (DataType.isBool(arrow)) return boolReader(values, data.offset);
  if (DataType.isInt(arrow) || DataType.isFloat(arrow)) return plainReader(values);
  if (DataType.isUtf8(arrow) || DataType.isLargeUtf8(arrow)) {
    const bytes = bytesReader(data);
    // BIGNUM, which has no Arrow form and comes as its digits.
    if (type.kind === 'integer') return (index) => BigInt(UTF8.decode(bytes(index)));
    return (index) => UTF8.decode(bytes(index));
  }
  if (DataType.isBinary(arrow) || DataType.isLargeBinary(arrow)) return binaryReader(bytesReader(data), type);
  if (DataType.isFixedSizeBinary(arrow)) {
    const bytes = values as Uint8Array;
    const width = arrow.byteWidth;
    return binaryReader((index) => bytes.subarray(index * width, (index + 1) * width), type);
  }
  if (DataType.isDecimal(arrow)) return decimalReader(values, arrow.scale, arrow.bitWidth / 32, type);
  if (DataType.isDate(arrow)) return dateReader(values);
  if (DataType.isTime(arrow) || DataType.isDuration(arrow) || DataType.isTimestamp(arrow))
    return arrow.unit === TimeUnit.NANOSECOND ? nanosReader(values, type) : microsReader(values, arrow.unit);
  if (DataType.isInterval(arrow)) return intervalReader(values, arrow.unit);
  if (DataType.isDictionary(arrow)) return dictionaryReader(data, type);
  return nestedReader(data, type);
}

function nestedReader(data: Data, type: SqlType): CellReader {
  const arrow: DataType = data.type;
  if (DataType.isList(arrow)) {
    const range = offsetRange(data);
    return listReader(child(data, 0), type.kind === 'list' ? type.element : TEXT, range);
  }
  if (DataType.isFixedSizeList(arrow)) {
    const size = arrow.listSize;
    return listReader(child(data, 0), type.kind === 'list' ? type.element : TEXT, (index) => [
      index * size,
      (index + 1) * size,
    ]);
  }
  if (DataType.isMap(arrow)) return mapReader(data, type);
  if (DataType.isStruct(arrow)) return structReader(data, type);
  if (DataType.isUnion(arrow)) return unionReader(data, arrow);
  throw new AppError(
    'UNSUPPORTED',
    `The result has a column of Arrow type ${Type[arrow.typeId]}, which can’t be shown.`,
  );
}

function boolReader(bits: Uint8Array, offset: number): CellReader {
  return (index) => {
    const at = offset + index;
    return ((bits[at >> 3] ?? 0) & (1 << (at & 7))) !== 0;
  };
}

/** Numbers up to 32 bits and floats are number, 64 bits are bigint: what typed arrays hold. */
function plainReader(values: ArrayLike<number | bigint>): CellReader {
  return (index) => values[index] ?? null;
}

function bytesReader(data: Data): (index: number) => Uint8Array {
  const range = offsetRange(data);
  const bytes = data.values as Uint8Array;
  return (index) => bytes.subarray(...range(index));
}

function offsetRange(data: Data): (index: number) => [start: number, end: number] {
  const offsets = data.valueOffsets as ArrayLike<number | bigint>;
  return (index) => [Number(offsets[index]), Number(offsets[index + 1])];
}

function binaryReader(bytes: (index: number) => Uint8Array, type: SqlType): CellReader {
  if (type.name === 'BIT') return (index) => bitText(bytes(index));
  if (type.name === 'UUID') return (index) => uuidText(bytes(index));
  return bytes;
}

function decimalReader(words: Uint32Array, scale: number, stride: number, type: SqlType): CellReader {
  const unsigned = type.name === 'UHUGEINT';
  const exact = (index: number) => int128(words, index * stride, stride, unsigned);
  if (type.kind === 'integer') return exact;
  return (index) => decimalText(exact(index), scale);
}

function dateReader(values: ArrayLike<number | bigint>): CellReader {
  return (index) => {
    const value = values[index] ?? 0;
    return typeof value === 'bigint' ? Number(value / 86_400_000n) : value;
  };
}

function microsReader(values: ArrayLike<number | bigint>, unit: TimeUnit): CellReader {
  return (index) => {
    const value = BigInt(values[index] ?? 0);
    // Infinity and -infinity, whatever the unit.
    if (value === INT64_MAX || value === -INT64_MAX) return value;
    if (unit === TimeUnit.SECOND) return value * 1_000_000n;
    return unit === TimeUnit.MILLISECOND ? value * 1000n : value;
  };
}

/** Microseconds, as of every other unit; the text of what these can't say. */
function nanosReader(values: ArrayLike<number | bigint>, type: SqlType): CellReader {
  return (index) => {
    const value = BigInt(values[index] ?? 0);
    if (value === INT64_MAX || value === -INT64_MAX) return value;
    return value % 1000n === 0n ? value / 1000n : formatNanoseconds(value, type.kind === 'time');
  };
}

function intervalReader(words: Int32Array, unit: IntervalUnit): CellReader {
  if (unit === IntervalUnit.YEAR_MONTH) return (index) => intervalText(words[index] ?? 0, 0, 0n);
  if (unit === IntervalUnit.DAY_TIME)
    return (index) => intervalText(0, words[2 * index] ?? 0, BigInt(words[2 * index + 1] ?? 0) * 1000n);
  return (index) => {
    const at = index * 4;
    const nanos = (BigInt(words[at + 3] ?? 0) << 32n) | BigInt((words[at + 2] ?? 0) >>> 0);
    return intervalText(words[at] ?? 0, words[at + 1] ?? 0, nanos / 1000n);
  };
}

/** ENUM. The dictionary may come in pieces of its own. */
function dictionaryReader(data: Data, type: SqlType): CellReader {
  const keys = data.values as ArrayLike<number | bigint>;
  const chunks = data.dictionary?.data ?? [];
  const readers = chunks.map((chunk) => cellReader(chunk, type));
  return (index) => {
    let key = Number(keys[index]);
    for (const [at, chunk] of chunks.entries()) {
      if (key < chunk.length) return readers[at]?.(key) ?? null;
      key -= chunk.length;
    }
    return null;
  };
}

function listReader(
  elements: Data,
  elementType: SqlType,
  range: (index: number) => [start: number, end: number],
): CellReader {
  const read = cellReader(elements, elementType);
  return (index) => {
    const [start, end] = range(index);
    return Array.from({ length: end - start }, (_, at) => read(start + at));
  };
}

function mapReader(data: Data, type: SqlType): CellReader {
  const entries = child(data, 0);
  const [keyType, valueType] = type.kind === 'map' ? [type.key, type.value] : [TEXT, TEXT];
  const key = cellReader(child(entries, 0), keyType);
  const value = cellReader(child(entries, 1), valueType);
  const range = offsetRange(data);
  return (index) => {
    const [start, end] = range(index);
    return Array.from({ length: end - start }, (_, at) => [key(start + at), value(start + at)]);
  };
}

function structReader(data: Data, type: SqlType): CellReader {
  // Arrow reads a name without letters from a stream as null.
  const fields = data.type.children as readonly { readonly name: string | null }[];
  const readers = fields.map(({ name }, at) => {
    const own = structFieldName(name, at);
    const fieldType = type.kind === 'struct' ? type.fields.get(own) : undefined;
    return [own, cellReader(child(data, at), fieldType ?? TEXT)] as const;
  });
  return (index) => Object.fromEntries(readers.map(([name, read]) => [name, read(index)]));
}

function unionReader(data: Data, { mode, typeIdToChildIndex: places }: Union): CellReader {
  const dense = mode === UnionMode.Dense;
  const ids = data.typeIds as Int8Array;
  const offsets = data.valueOffsets as Int32Array;
  const readers = data.children.map((each) => cellReader(each, TEXT));
  return (index) => readers[places[ids[index] ?? 0] ?? 0]?.(dense ? (offsets[index] ?? 0) : index) ?? null;
}

function child(data: Data, at: number): Data {
  const found = data.children[at];
  if (found) return found;
  throw new AppError('INTERNAL', `An Arrow array of type ${Type[data.typeId]} lacks its child ${at}.`);
}
