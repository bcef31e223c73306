import { AppError } from '#shared/errors/app-error.ts';

/** Types of the compact protocol, as they stand in headers of fields. */
export const THRIFT = { true: 1, false: 2, list: 9, set: 10, map: 11, struct: 12 } as const;

const MAX_DEPTH = 64;

/** Reads Thrift's compact protocol, in which the footers of Parquet files are; only forwards. */
export class ThriftCursor {
  readonly #bytes: Uint8Array;
  #at = 0;
  #depth = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Calls `read` for each field of a struct; where it answers false, it has not read the field, which is skipped. */
  struct(read: (field: number, type: number, headerAt: number) => boolean): void {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) throw damaged('it is nested too deep');
    let field = 0;
    for (;;) {
      const headerAt = this.#at;
      const header = this.#byte();
      const type = header & 0x0f;
      if (type === 0) break;
      const delta = header >> 4;
      field = delta === 0 ? this.int() : field + delta;
      if (!read(field, type, headerAt)) this.skip(type);
    }
    this.#depth -= 1;
  }

  /** Calls `read` for each item. */
  list(read: (type: number) => void): void {
    const header = this.#byte();
    const size = header >> 4 === 15 ? this.#varint() : header >> 4;
    if (size > this.#bytes.length - this.#at) throw damaged('it has a list longer than itself');
    for (let i = 0; i < size; i += 1) read(header & 0x0f);
  }

  /** A 16- or 32-bit integer. */
  int(): number {
    const value = this.#varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  /** A text or bytes, not copied. */
  binary(): Uint8Array {
    const length = this.#varint();
    const start = this.#at;
    this.#forward(length);
    return this.#bytes.subarray(start, start + length);
  }

  /** How far it has read. */
  get at(): number {
    return this.#at;
  }

  /** A value as its bytes stand there, not copied. */
  raw(type: number): Uint8Array {
    const start = this.#at;
    this.skip(type);
    return this.#bytes.subarray(start, this.#at);
  }

  skip(type: number): void {
    switch (type) {
      case THRIFT.true:
      case THRIFT.false:
        return;
      case 3:
        this.#forward(1);
        return;
      case 4:
      case 5:
      case 6:
        this.#varint();
        return;
      case 7:
        this.#forward(8);
        return;
      case 8:
        this.#forward(this.#varint());
        return;
      case THRIFT.list:
      case THRIFT.set:
        this.list((item) => this.#skipItem(item));
        return;
      case THRIFT.struct:
        this.struct(() => false);
        return;
      default:
        throw damaged(`it has a field of type ${type}, which Parquet does not use`);
    }
  }

  /** In lists, booleans take a byte. */
  #skipItem(type: number): void {
    if (type === THRIFT.true || type === THRIFT.false) this.#forward(1);
    else this.skip(type);
  }

  #byte(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw damaged('it ends in the middle');
    this.#at += 1;
    return byte;
  }

  #forward(bytes: number): void {
    if (bytes > this.#bytes.length - this.#at) throw damaged('it ends in the middle');
    this.#at += bytes;
  }

  /** Of 64-bit numbers only the size matters here: they lose their lowest bits beyond 2^53. */
  #varint(): number {
    let value = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = this.#byte();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw damaged('it has a number without end');
  }
}

function damaged(what: string): AppError {
  return new AppError('CORRUPT_FILE', `its footer is damaged: ${what}`);
}
