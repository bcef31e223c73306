import { AppError } from '#shared/errors/app-error.ts';

/** A field of a struct in Thrift's compact protocol, as it lies in its bytes. */
export interface ThriftField {
  readonly id: number;
  readonly type: number;
  /** Of its value. */
  readonly start: number;
  readonly end: number;
}

export const THRIFT = { list: 9, struct: 12 } as const;

/** Elements of a list from `start` on: how many, and of which type; and where the first of them begins. */
export interface ThriftList {
  readonly count: number;
  readonly type: number;
  readonly first: number;
}

/**
 * The fields of a struct that starts at `start`, up to its end or to the field `until`, which is the last given.
 *
 * @throws AppError CORRUPT_FILE where the bytes end within it, or nest too deep
 */
export function thriftFields(bytes: Uint8Array, start: number, until = Infinity): readonly ThriftField[] {
  return new Reader(bytes, start).fields(until);
}

/** @throws AppError CORRUPT_FILE where the bytes end within it */
export function thriftList(bytes: Uint8Array, start: number): ThriftList {
  return new Reader(bytes, start).list();
}

/** Where the struct that starts at `start` ends. @throws as thriftFields */
export function thriftEnd(bytes: Uint8Array, start: number): number {
  const reader = new Reader(bytes, start);
  reader.fields(Infinity);
  return reader.at;
}

/** A number of up to 32 bits. @throws AppError CORRUPT_FILE */
export function thriftInt(bytes: Uint8Array, start: number): number {
  const raw = new Reader(bytes, start).varint();
  return (raw >>> 1) ^ -(raw & 1);
}

/** The same struct without some of its fields. They are in the order of their ids, none far from the next. */
export function withoutFields(
  bytes: Uint8Array,
  fields: readonly ThriftField[],
  dropped: ReadonlySet<number>,
): readonly number[] {
  const out: number[] = [];
  let last = 0;
  for (const { id, type, start, end } of fields) {
    if (dropped.has(id)) continue;
    out.push(((id - last) << 4) | type, ...bytes.subarray(start, end));
    last = id;
  }
  out.push(0);
  return out;
}

const MAX_DEPTH = 16;

class Reader {
  at: number;
  readonly #bytes: Uint8Array;
  #depth = 0;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.at = at;
  }

  fields(until: number): ThriftField[] {
    if (++this.#depth > MAX_DEPTH) throw damaged();
    const fields: ThriftField[] = [];
    let id = 0;
    for (let head = this.#byte(); head !== 0; head = this.#byte()) {
      const type = head & 15;
      const step = head >> 4;
      id = step === 0 ? this.#zigzag() : id + step;
      const start = this.at;
      this.#skip(type);
      if (this.at > this.#bytes.length) throw damaged();
      fields.push({ id, type, start, end: this.at });
      if (id === until) break;
    }
    this.#depth -= 1;
    return fields;
  }

  list(): ThriftList {
    const head = this.#byte();
    const short = head >> 4;
    const count = short === 15 ? this.varint() : short;
    // Each takes a byte at least.
    if (this.at + count > this.#bytes.length) throw damaged();
    return { count, type: head & 15, first: this.at };
  }

  /** Its lowest 32 bits. */
  varint(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.#byte();
      if (shift < 32) value |= (byte & 127) << shift;
      if (byte < 128) return value >>> 0;
    }
  }

  #zigzag(): number {
    const raw = this.varint();
    return (raw >>> 1) ^ -(raw & 1);
  }

  #byte(): number {
    const byte = this.#bytes[this.at++];
    if (byte === undefined) throw damaged();
    return byte;
  }

  #skip(type: number): void {
    switch (type) {
      case 1:
      case 2:
        return;
      case 3:
        this.at += 1;
        return;
      case 4:
      case 5:
      case 6:
        this.varint();
        return;
      case 7:
        this.at += 8;
        return;
      case 8: {
        // Reading the length moves on, too.
        const length = this.varint();
        this.at += length;
        return;
      }
      case THRIFT.list:
      case 10: {
        const { count, type: element } = this.list();
        // Elements that are true or false take a byte; as fields they take none.
        for (let each = 0; each < count; each += 1) this.#skip(element <= 2 ? 3 : element);
        return;
      }
      case THRIFT.struct:
        this.fields(Infinity);
        return;
      default:
        throw damaged();
    }
  }
}

function damaged(): AppError {
  return new AppError('CORRUPT_FILE', 'The footer of the Parquet file is damaged. Restore the file.');
}
