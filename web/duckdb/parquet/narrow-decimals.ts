import { isAppError } from '#shared/errors/app-error.ts';
import { THRIFT, thriftEnd, thriftFields, thriftInt, thriftList, withoutFields } from './thrift-struct.ts';
import type { ThriftField } from './thrift-struct.ts';
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
const NOT_AN_INTEGER = new Set<number>([
  ELEMENT.convertedType,
  ELEMENT.scale,
  ELEMENT.precision,
  ELEMENT.logicalType,
]);
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
  const schema = thriftFields(footer, 0, SCHEMA).find(({ id }) => id === SCHEMA);
  if (schema?.type !== THRIFT.list) return null;
  const list = thriftList(footer, schema.start);
  if (list.type !== THRIFT.struct) return null;
  const decimals = new Map<number, string>();
  const elements: number[] = [];
  let at = list.first;
  // How many elements are left of each nested one that is open; the first element is the file's root.
  const open: number[] = [];
  let column = 0;
  for (let number = 0; number < list.count; number += 1) {
    const fields = thriftFields(footer, at);
    const next = thriftEnd(footer, at);
    const children = numberIn(footer, fields, ELEMENT.children) ?? 0;
    const isTop = open.length === 1;
    const decimal = isTop && children === 0 ? decimalOf(footer, fields) : null;
    if (decimal !== null) decimals.set(column, decimal);
    const kept = decimal === null ? footer.subarray(at, next) : withoutFields(footer, fields, NOT_AN_INTEGER);
    for (const byte of kept) elements.push(byte);
    if (isTop) column += 1;
    if (open.length > 0) open[open.length - 1] = (open.at(-1) ?? 0) - 1;
    if (children > 0) open.push(children);
    while (open.length > 1 && open.at(-1) === 0) open.pop();
    at = next;
  }
  if (decimals.size === 0) return null;
  const narrowed = bytes.slice();
  const changed = narrowed.subarray(start, end);
  // What it got shorter by follows the end of the footer, where no reader looks.
  changed.fill(0);
  changed.set(footer.subarray(0, list.first));
  changed.set(elements, list.first);
  changed.set(footer.subarray(at), list.first + elements.length);
  return { tail: { ...tail, bytes: narrowed }, decimals };
}

function decimalOf(footer: Uint8Array, fields: readonly ThriftField[]): string | null {
  const type = numberIn(footer, fields, ELEMENT.type);
  const precision = numberIn(footer, fields, ELEMENT.precision);
  const scale = numberIn(footer, fields, ELEMENT.scale) ?? 0;
  const most = MAX_DIGITS.get(type ?? -1);
  const isDecimal = numberIn(footer, fields, ELEMENT.convertedType) === DECIMAL;
  const isRepeated = numberIn(footer, fields, ELEMENT.repetition) === REPEATED;
  if (!isDecimal || isRepeated || most === undefined || precision === null) return null;
  if (precision < 1 || precision > most || scale < 0 || scale > precision) return null;
  return `DECIMAL(${precision},${scale})`;
}

function numberIn(footer: Uint8Array, fields: readonly ThriftField[], id: number): number | null {
  const field = fields.find((each) => each.id === id);
  return field ? thriftInt(footer, field.start) : null;
}

function includes(bytes: Uint8Array, part: Uint8Array): boolean {
  const [first = 0] = part;
  for (let at = bytes.indexOf(first); at >= 0; at = bytes.indexOf(first, at + 1))
    if (part.every((byte, index) => bytes[at + index] === byte)) return true;
  return false;
}
