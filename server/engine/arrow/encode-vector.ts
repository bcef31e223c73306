import { DuckDBTypeId, type DuckDBType } from '@duckdb/node-api';
import duckdb, { type Vector } from '@duckdb/node-bindings';
import { makeData, type Data, type DataType } from 'apache-arrow';
import { AppError } from '#shared/errors/app-error.ts';
import { arrowTypeOf, entryType } from './arrow-type.ts';
import { LongStrings } from './long-strings.ts';

/** Which rows of a vector are meant: the first `count`, or those listed. */
export type Rows = { readonly count: number; readonly list?: Uint32Array };

const WIDE_BYTES = 16;
/** A string_t: its length, then the text itself where it has at most 12 bytes, else a prefix and a pointer. */
const STRING_BYTES = 16;
const INLINE_BYTES = 12;
const LIST_ENTRY_BYTES = 16;

/**
 * A vector of a chunk in Arrow's layout. DuckDB's memory is read as it is: the values of fixed-width types and the
 * validity bits have the same layout in both. What is returned is good while the chunk is: its memory is in it.
 *
 * @param size rows that the vector holds, which `rows` are some of
 */
export function encodeVector(vector: Vector, type: DuckDBType, size: number, rows: Rows): Data {
  const arrow = arrowTypeOf(type);
  const { nullBitmap, nullCount } = encodeValidity(vector, size, rows);
  const make = (parts: Record<string, unknown>): Data =>
    makeData({ type: arrow, length: rows.count, nullCount, nullBitmap, ...parts } as never) as Data<DataType>;

  switch (type.typeId) {
    case DuckDBTypeId.BOOLEAN:
      return make({ data: packBits(pick(vector, 1, size, rows)) });
    case DuckDBTypeId.TINYINT:
      return make({ data: as(Int8Array, pick(vector, 1, size, rows)) });
    case DuckDBTypeId.UTINYINT:
      return make({ data: pick(vector, 1, size, rows) });
    case DuckDBTypeId.SMALLINT:
      return make({ data: as(Int16Array, pick(vector, 2, size, rows)) });
    case DuckDBTypeId.USMALLINT:
      return make({ data: as(Uint16Array, pick(vector, 2, size, rows)) });
    case DuckDBTypeId.INTEGER:
    case DuckDBTypeId.DATE:
      return make({ data: as(Int32Array, pick(vector, 4, size, rows)) });
    case DuckDBTypeId.UINTEGER:
      return make({ data: as(Uint32Array, pick(vector, 4, size, rows)) });
    case DuckDBTypeId.FLOAT:
      return make({ data: as(Float32Array, pick(vector, 4, size, rows)) });
    case DuckDBTypeId.DOUBLE:
      return make({ data: as(Float64Array, pick(vector, 8, size, rows)) });
    case DuckDBTypeId.UBIGINT:
      return make({ data: as(BigUint64Array, pick(vector, 8, size, rows)) });
    case DuckDBTypeId.BIGINT:
    case DuckDBTypeId.TIME:
      return make({ data: as(BigInt64Array, pick(vector, 8, size, rows)) });
    case DuckDBTypeId.TIMESTAMP:
    case DuckDBTypeId.TIMESTAMP_S:
    case DuckDBTypeId.TIMESTAMP_MS:
    case DuckDBTypeId.TIMESTAMP_NS:
    case DuckDBTypeId.TIMESTAMP_TZ:
      return make({ data: as(BigInt64Array, pick(vector, 8, size, rows)) });
    case DuckDBTypeId.HUGEINT:
      return make({ data: as(Uint32Array, pick(vector, WIDE_BYTES, size, rows)) });
    case DuckDBTypeId.DECIMAL:
      return make({ data: widenDecimal(vector, type.width, size, rows) });
    case DuckDBTypeId.VARCHAR:
    case DuckDBTypeId.BLOB:
      return make(encodeText(vector, size, rows, nullBitmap));
    case DuckDBTypeId.STRUCT:
      return make({
        children: type.entryTypes.map((_, index) =>
          encodeVector(
            duckdb.struct_vector_get_child(vector, index),
            entryType(type.entryTypes, index),
            size,
            rows,
          ),
        ),
      });
    case DuckDBTypeId.ARRAY: {
      const { valueOffsets, picked } = arrayRows(type.length, rows);
      const child = duckdb.array_vector_get_child(vector);
      return make({ valueOffsets, child: encodeVector(child, type.valueType, size * type.length, picked) });
    }
    case DuckDBTypeId.LIST: {
      const { valueOffsets, picked } = listRows(vector, size, rows, nullBitmap);
      const child = duckdb.list_vector_get_child(vector);
      return make({
        valueOffsets,
        child: encodeVector(child, type.valueType, duckdb.list_vector_get_size(vector), picked),
      });
    }
    case DuckDBTypeId.MAP: {
      const { valueOffsets, picked } = listRows(vector, size, rows, nullBitmap);
      const entries = duckdb.list_vector_get_child(vector);
      const held = duckdb.list_vector_get_size(vector);
      const children = [type.keyType, type.valueType].map((inner, index) =>
        encodeVector(duckdb.struct_vector_get_child(entries, index), inner, held, picked),
      );
      const entriesType = (arrow as unknown as { children: readonly { type: DataType }[] }).children[0]?.type;
      const child = makeData({ type: entriesType, length: picked.count, nullCount: 0, children } as never);
      return make({ valueOffsets, child });
    }
    default:
      throw new AppError('INTERNAL', `A vector of ${type.toString()} can't be encoded.`);
  }
}

/** The bytes of the rows, `width` each. */
function pick(vector: Vector, width: number, size: number, rows: Rows): Uint8Array {
  const source = duckdb.vector_get_data(vector, size * width);
  if (rows.list === undefined) return source.subarray(0, rows.count * width);
  const target = new Uint8Array(rows.count * width);
  for (let row = 0; row < rows.count; row++) {
    const at = (rows.list[row] ?? 0) * width;
    target.set(source.subarray(at, at + width), row * width);
  }
  return target;
}

/** DuckDB's validity bits are Arrow's: 1 is a value, the least significant bit first. None: every row has one. */
function encodeValidity(
  vector: Vector,
  size: number,
  rows: Rows,
): { nullBitmap: Uint8Array | null; nullCount: number } {
  const source = duckdb.vector_get_validity(vector, Math.ceil(size / 64) * 8) as Uint8Array | null;
  if (source === null || source.length === 0) return { nullBitmap: null, nullCount: 0 };
  const nullBitmap = new Uint8Array(Math.ceil(rows.count / 64) * 8);
  let valid = 0;
  for (let row = 0; row < rows.count; row++) {
    const at = rows.list === undefined ? row : (rows.list[row] ?? 0);
    if (((source[at >> 3] ?? 0) >> (at & 7)) & 1) {
      nullBitmap[row >> 3] = (nullBitmap[row >> 3] ?? 0) | (1 << (row & 7));
      valid++;
    }
  }
  return valid === rows.count
    ? { nullBitmap: null, nullCount: 0 }
    : { nullBitmap, nullCount: rows.count - valid };
}

/** The same bytes as numbers. */
function as<T>(
  numbers: { new (buffer: ArrayBufferLike, offset: number, length: number): T; BYTES_PER_ELEMENT: number },
  { buffer, byteOffset, byteLength }: Uint8Array,
): T {
  return new numbers(buffer, byteOffset, byteLength / numbers.BYTES_PER_ELEMENT);
}

function packBits(bytes: Uint8Array): Uint8Array {
  const bits = new Uint8Array(Math.ceil(bytes.length / 8));
  for (let row = 0; row < bytes.length; row++) {
    if (bytes[row] !== 0) bits[row >> 3] = (bits[row >> 3] ?? 0) | (1 << (row & 7));
  }
  return bits;
}

/** DuckDB keeps a decimal in 2, 4, 8 or 16 bytes by its precision; Arrow in 16. */
function widenDecimal(vector: Vector, precision: number, size: number, rows: Rows): Uint32Array {
  const width = precision <= 4 ? 2 : precision <= 9 ? 4 : precision <= 18 ? 8 : WIDE_BYTES;
  const bytes = pick(vector, width, size, rows);
  if (width === WIDE_BYTES) return as(Uint32Array, bytes);
  const wide = new BigInt64Array(rows.count * 2);
  const narrow =
    width === 2 ? as(Int16Array, bytes) : width === 4 ? as(Int32Array, bytes) : as(BigInt64Array, bytes);
  for (let row = 0; row < rows.count; row++) {
    const value = BigInt(narrow[row] ?? 0);
    wide[row * 2] = value;
    wide[row * 2 + 1] = value >> 63n;
  }
  return new Uint32Array(wide.buffer);
}

function encodeText(
  vector: Vector,
  size: number,
  rows: Rows,
  nullBitmap: Uint8Array | null,
): { valueOffsets: Int32Array; data: Uint8Array } {
  const source = duckdb.vector_get_data(vector, size * STRING_BYTES);
  const lengths = new Uint32Array(source.buffer, source.byteOffset, source.byteLength / 4);
  const valueOffsets = new Int32Array(rows.count + 1);
  const short =
    rows.list === undefined && nullBitmap === null ? shortText(source, lengths, valueOffsets) : null;
  if (short !== null) return { valueOffsets, data: short };
  const long = new Uint32Array(rows.count);
  let longCount = 0;
  let total = 0;
  for (let row = 0; row < rows.count; row++) {
    if (isValid(nullBitmap, row)) {
      const at = rows.list?.[row] ?? row;
      const length = lengths[at * 4] ?? 0;
      if (length > INLINE_BYTES) long[longCount++] = row;
      total += length;
    }
    valueOffsets[row + 1] = total;
  }
  const data = new Uint8Array(total);
  if (longCount < rows.count) {
    for (let row = 0; row < rows.count; row++) {
      const start = valueOffsets[row] ?? 0;
      const length = (valueOffsets[row + 1] ?? 0) - start;
      if (length > INLINE_BYTES) continue;
      const at = (rows.list?.[row] ?? row) * STRING_BYTES + 4;
      for (let byte = 0; byte < length; byte++) data[start + byte] = source[at + byte] ?? 0;
    }
  }
  const memory = new LongStrings(source, rows.list ?? null, long.subarray(0, longCount));
  for (let index = 0; index < longCount; index++) {
    const row = long[index] ?? 0;
    const start = valueOffsets[row] ?? 0;
    data.set(memory.bytes(row, (valueOffsets[row + 1] ?? 0) - start), start);
  }
  return { valueOffsets, data };
}

/** The texts of the first rows where all of them are short and none is NULL, in one pass; null where that is not so. */
function shortText(source: Uint8Array, lengths: Uint32Array, valueOffsets: Int32Array): Uint8Array | null {
  const count = valueOffsets.length - 1;
  const data = new Uint8Array(count * INLINE_BYTES);
  let end = 0;
  for (let row = 0; row < count; row++) {
    const length = lengths[row * 4] as number;
    if (length > INLINE_BYTES) return null;
    const at = row * STRING_BYTES + 4;
    for (let byte = 0; byte < length; byte++) data[end + byte] = source[at + byte] as number;
    end += length;
    valueOffsets[row + 1] = end;
  }
  return data.subarray(0, end);
}

function listRows(
  vector: Vector,
  size: number,
  rows: Rows,
  nullBitmap: Uint8Array | null,
): { valueOffsets: Int32Array; picked: Rows } {
  const source = duckdb.vector_get_data(vector, size * LIST_ENTRY_BYTES);
  const view = new DataView(source.buffer, source.byteOffset, source.byteLength);
  const valueOffsets = new Int32Array(rows.count + 1);
  const list: number[] = [];
  for (let row = 0; row < rows.count; row++) {
    if (isValid(nullBitmap, row)) {
      const at = (rows.list?.[row] ?? row) * LIST_ENTRY_BYTES;
      const start = Number(view.getBigUint64(at, true));
      const length = Number(view.getBigUint64(at + 8, true));
      for (let item = start; item < start + length; item++) list.push(item);
    }
    valueOffsets[row + 1] = list.length;
  }
  return { valueOffsets, picked: { count: list.length, list: Uint32Array.from(list) } };
}

function arrayRows(length: number, rows: Rows): { valueOffsets: Int32Array; picked: Rows } {
  const valueOffsets = Int32Array.from({ length: rows.count + 1 }, (_, row) => row * length);
  const list = Uint32Array.from({ length: rows.count * length }, (_, item) => {
    const row = Math.floor(item / length);
    return (rows.list?.[row] ?? row) * length + (item % length);
  });
  return { valueOffsets, picked: { count: list.length, list } };
}

function isValid(nullBitmap: Uint8Array | null, row: number): boolean {
  return nullBitmap === null || (((nullBitmap[row >> 3] ?? 0) >> (row & 7)) & 1) === 1;
}
