import { isAppError } from '#shared/errors/app-error.ts';
import { ThriftCursor } from '#shared/parquet/thrift-cursor.ts';
import { ThriftStruct } from '#shared/parquet/thrift-struct.ts';
import type { Tail } from './tail.ts';

/** The end of a file whose footer calls some decimals integers. */
export interface Narrowed {
  readonly tail: Tail;
  /** DuckDB's types of these, by the numbers of the columns at the top of the file. */
  readonly decimals: ReadonlyMap<number, string>;
}

/** Of Parquet's FileMetaData and SchemaElement; see parquet.thrift of the format. */
const SCHEMA = 2;
const ELEMENT = {
  type: 1,
  repetition: 3,
  children: 5,
  convertedType: 6,
  scale: 7,
  precision: 8,
  logicalType: 10,
} as const;
const DECIMAL = 5;
const REPEATED = 2;
/** Digits that a decimal has at most, by the physical type that stores it. */
const MAX_DIGITS: ReadonlyMap<number, number> = new Map([
  [1, 9],
  [2, 18],
]);
const NOT_AN_INTEGER = [ELEMENT.convertedType, ELEMENT.scale, ELEMENT.precision, ELEMENT.logicalType];
/** A schema that an Arrow writer left, which the reader follows. */
const ARROW_SCHEMA = new TextEncoder().encode('ARROW:schema');

/** Bytes at the end of a file that hold its footer, its length and the magic number; null where these say nothing. */
export function footerBytes({ bytes, size }: Pick<Tail, 'bytes' | 'size'>): number | null {
  if (bytes.length < 12) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // PAR1; an encrypted footer ends otherwise.
  if (view.getUint32(bytes.length - 4, true) !== 0x31524150) return null;
  const whole = view.getUint32(bytes.length - 8, true) + 8;
  return whole <= size ? whole : null;
}

/**
 * Has decimals that a file stores as integers read as these: the reader makes 16 bytes of each decimal, of which DuckDB
 * makes 8 again. Null where there are none, or where the tail lacks the footer's begin.
 */
export function narrowDecimals(tail: Tail): Narrowed | null {
  try {
    return narrow(tail);
  } catch (error) {
    // The reader says what is wrong with it.
    if (isAppError(error, 'CORRUPT_FILE')) return null;
    throw error;
  }
}

function narrow(tail: Tail): Narrowed | null {
  const whole = footerBytes(tail);
  const { bytes } = tail;
  if (whole === null || whole > bytes.length) return null;
  const [start, end] = [bytes.length - whole, bytes.length - 8];
  const footer = bytes.subarray(start, end);
  if (includes(footer, ARROW_SCHEMA)) return null;
  const file = ThriftStruct.read(new ThriftCursor(footer), { [SCHEMA]: {} });
  const decimals = new Map<number, string>();
  // How many elements are left of each nested one that is open; the first element is the file's root.
  const open: number[] = [];
  let column = 0;
  for (const element of file.structs(SCHEMA)) {
    const children = element.int(ELEMENT.children) ?? 0;
    const isTop = open.length === 1;
    const decimal = isTop && children === 0 ? decimalOf(element) : null;
    if (decimal !== null) {
      decimals.set(column, decimal);
      for (const field of NOT_AN_INTEGER) element.drop(field);
    }
    if (isTop) column += 1;
    if (open.length > 0) open[open.length - 1] = (open.at(-1) ?? 0) - 1;
    if (children > 0) open.push(children);
    while (open.length > 1 && open.at(-1) === 0) open.pop();
  }
  if (decimals.size === 0) return null;
  const narrowed = bytes.slice();
  const changed = narrowed.subarray(start, end);
  // What it got shorter by follows the end of the footer, where no reader looks.
  changed.fill(0);
  changed.set(file.bytes());
  return { tail: { ...tail, bytes: narrowed }, decimals };
}

function decimalOf(element: ThriftStruct): string | null {
  const precision = element.int(ELEMENT.precision);
  const scale = element.int(ELEMENT.scale) ?? 0;
  const most = MAX_DIGITS.get(element.int(ELEMENT.type) ?? -1);
  const isDecimal = element.int(ELEMENT.convertedType) === DECIMAL;
  const isRepeated = element.int(ELEMENT.repetition) === REPEATED;
  if (!isDecimal || isRepeated || most === undefined || precision === undefined) return null;
  if (precision < 1 || precision > most || scale < 0 || scale > precision) return null;
  return `DECIMAL(${precision},${scale})`;
}

function includes(bytes: Uint8Array, part: Uint8Array): boolean {
  const [first = 0] = part;
  for (let at = bytes.indexOf(first); at >= 0; at = bytes.indexOf(first, at + 1))
    if (part.every((byte, index) => bytes[at + index] === byte)) return true;
  return false;
}
