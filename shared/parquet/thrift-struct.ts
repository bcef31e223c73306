import { AppError } from '../errors/app-error.ts';
import { THRIFT, ThriftCursor } from './thrift-cursor.ts';

/** Which fields of a struct, structs themselves or lists of them, are opened in turn; all others stay bytes. */
export interface ThriftShape {
  readonly [field: number]: ThriftShape;
}

interface Field {
  readonly id: number;
  readonly type: number;
  readonly value: Uint8Array | ThriftStruct | readonly ThriftStruct[];
}

/** A struct of Thrift's compact protocol of which numbers are changed: what is not touched is written as it was. */
export class ThriftStruct {
  #fields: Field[] = [];

  static read(cursor: ThriftCursor, shape: ThriftShape): ThriftStruct {
    const made = new ThriftStruct();
    cursor.struct((id, type) => {
      made.#fields.push({ id, type, value: readValue(cursor, type, shape[id]) });
      return true;
    });
    return made;
  }

  /** Undefined where it is absent, as in a struct that was written without it. */
  int(id: number): number | undefined {
    const value = this.#value(id);
    return value instanceof Uint8Array ? new ThriftCursor(value).int() : undefined;
  }

  struct(id: number): ThriftStruct | undefined {
    const value = this.#value(id);
    return value instanceof ThriftStruct ? value : undefined;
  }

  structs(id: number): readonly ThriftStruct[] {
    const value = this.#value(id);
    return Array.isArray(value) ? (value as readonly ThriftStruct[]) : [];
  }

  /** @param type of the field, where it is new: 5 has 32 bits, 6 has 64 */
  setInt(id: number, number: number, type: 5 | 6 = 6): void {
    const old = this.#fields.find((field) => field.id === id);
    const others = this.#fields.filter((field) => field !== old);
    this.#fields = [...others, { id, type: old?.type ?? type, value: varint(zigzag(number)) }].sort(
      (a, b) => a.id - b.id,
    );
  }

  drop(id: number): void {
    this.#fields = this.#fields.filter((field) => field.id !== id);
  }

  bytes(): Uint8Array {
    const parts: Uint8Array[] = [];
    let last = 0;
    for (const { id, type, value } of this.#fields) {
      const step = id - last;
      parts.push(step > 0 && step < 16 ? Uint8Array.of((step << 4) | type) : Uint8Array.of(type));
      if (step <= 0 || step >= 16) parts.push(varint(zigzag(id)));
      parts.push(...bytesOf(value));
      last = id;
    }
    parts.push(Uint8Array.of(0));
    return joined(parts);
  }

  #value(id: number): Field['value'] | undefined {
    return this.#fields.find((field) => field.id === id)?.value;
  }
}

function readValue(cursor: ThriftCursor, type: number, shape: ThriftShape | undefined): Field['value'] {
  if (shape === undefined || (type !== THRIFT.struct && type !== THRIFT.list)) return cursor.raw(type);
  if (type === THRIFT.struct) return ThriftStruct.read(cursor, shape);
  const items: ThriftStruct[] = [];
  cursor.list((item) => {
    if (item !== THRIFT.struct)
      throw new AppError('CORRUPT_FILE', 'The footer of the Parquet file is damaged. Restore the file.');
    items.push(ThriftStruct.read(cursor, shape));
  });
  return items;
}

function bytesOf(value: Field['value']): readonly Uint8Array[] {
  if (value instanceof Uint8Array) return [value];
  if (value instanceof ThriftStruct) return [value.bytes()];
  const head =
    value.length < 15
      ? [Uint8Array.of((value.length << 4) | THRIFT.struct)]
      : [LONG_LIST, varint(value.length)];
  return [...head, ...value.map((item) => item.bytes())];
}

const LONG_LIST = Uint8Array.of(0xf0 | THRIFT.struct);

const zigzag = (number: number): number => (number < 0 ? -2 * number - 1 : 2 * number);

function varint(number: number): Uint8Array {
  const bytes: number[] = [];
  let left = number;
  for (; left >= 0x80; left = Math.floor(left / 128)) bytes.push((left % 128) | 0x80);
  return Uint8Array.of(...bytes, left);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
