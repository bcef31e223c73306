import { AppError } from '#shared/errors/app-error.ts';

const TEXT = new TextDecoder('utf-8', { fatal: true });

/** Of Node's Buffer; its type leaves it out. */
interface Utf8Sliced {
  utf8Slice(start: number, end: number): string;
}

/** Thrown inside the decoder; whoever knows the file turns it into CORRUPT_FILE with its name. */
export class AvroDecodeError extends AppError {
  constructor(what: string) {
    super('CORRUPT_FILE', what);
  }
}

/**
 * Reads Avro's binary encoding. Every read is checked against the bytes there are, so that a truncated or
 * hostile file ends in an error, never in a wrong value, an endless loop or a huge allocation.
 */
export class AvroCursor {
  private readonly bytes: Uint8Array;
  private readonly view: DataView;
  private readonly buffer: Utf8Sliced;
  private at = 0;

  constructor(bytes: Uint8Array) {
    // Node's Buffer is a Uint8Array whose slice() does not copy; this makes it a plain one.
    this.bytes = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) as unknown as Utf8Sliced;
  }

  get remaining(): number {
    return this.bytes.length - this.at;
  }

  get position(): number {
    return this.at;
  }

  /** Goes to a position that the cursor has been at. */
  moveTo(position: number): this {
    this.at = position;
    return this;
  }

  boolean(): boolean {
    return this.byte() !== 0;
  }

  int(): number {
    const value = this.small();
    if (value < -0x80000000 || value > 0x7fffffff) throw new AvroDecodeError(`${value} is no 32-bit integer`);
    return value;
  }

  /** Zigzag varint. Numbers up to 2^31 take the fast path, which has no bigint in it. */
  long(): bigint {
    const start = this.at;
    let low = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.byte();
      low |= (byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt((low >>> 1) ^ -(low & 1));
    }
    this.at = start;
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.byte();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) {
        if (value >= 1n << 64n) break;
        return (value >> 1n) ^ -(value & 1n);
      }
    }
    throw new AvroDecodeError('a varint is longer than 64 bits');
  }

  float(): number {
    return this.view.getFloat32(this.advance(4), true);
  }

  double(): number {
    return this.view.getFloat64(this.advance(8), true);
  }

  /** A copy, so that what is kept does not keep the whole block alive. */
  bytesValue(): Uint8Array {
    return this.fixed(this.length());
  }

  text(): string {
    const length = this.length();
    const start = this.advance(length);
    // Far quicker than TextDecoder for short texts, but says nothing of what is no UTF-8.
    const text = this.buffer.utf8Slice(start, start + length);
    if (!text.includes('\ufffd')) return text;
    try {
      return TEXT.decode(this.bytes.subarray(start, start + length));
    } catch {
      throw new AvroDecodeError('a text is not UTF-8');
    }
  }

  fixed(length: number): Uint8Array {
    const start = this.advance(length);
    return this.bytes.slice(start, start + length);
  }

  /** A view of the bytes, not a copy. */
  span(length: number): Uint8Array {
    const start = this.advance(length);
    return this.bytes.subarray(start, start + length);
  }

  skip(length: number): void {
    this.advance(length);
  }

  /** A length of bytes to come. */
  length(): number {
    const length = this.small();
    if (length < 0 || length > this.remaining) {
      throw new AvroDecodeError(`a length of ${length} bytes where ${this.remaining} are left`);
    }
    return length;
  }

  /**
   * Calls `item` for each item of an array or map.
   *
   * @param itemSize the fewest bytes that an item can take; items that take none are not bounded by the bytes
   *   left, so there may be no more of them than `MAX_EMPTY_ITEMS`
   */
  items(itemSize: number, item: () => void): void {
    let empty = 0;
    for (;;) {
      let count = this.small();
      if (count === 0) return;
      if (count < 0) {
        count = -count;
        this.small();
      }
      if (itemSize === 0) empty += count;
      if (itemSize === 0 ? empty > MAX_EMPTY_ITEMS : count * itemSize > this.remaining) {
        throw new AvroDecodeError(`a list of ${count} items where ${this.remaining} bytes are left`);
      }
      for (let i = 0; i < count; i += 1) item();
    }
  }

  /** A varint that is a count or a length: exact as a number or an error. */
  small(): number {
    const start = this.at;
    const first = this.byte();
    if (first < 0x80) return (first >>> 1) ^ -(first & 1);
    let low = first & 0x7f;
    for (let shift = 7; shift < 28; shift += 7) {
      const byte = this.byte();
      low |= (byte & 0x7f) << shift;
      if (byte < 0x80) return (low >>> 1) ^ -(low & 1);
    }
    this.at = start;
    const value = this.long();
    const number = Number(value);
    if (!Number.isSafeInteger(number)) throw new AvroDecodeError(`a length of ${value}`);
    return number;
  }

  skipVarint(): void {
    for (let length = 0; length < 10; length += 1) if (this.byte() < 0x80) return;
    throw new AvroDecodeError('a varint is longer than 64 bits');
  }

  private byte(): number {
    const value = this.bytes[this.at];
    if (value === undefined) throw new AvroDecodeError('the data ends in the middle of a value');
    this.at += 1;
    return value;
  }

  private advance(length: number): number {
    if (length > this.remaining) throw new AvroDecodeError('the data ends in the middle of a value');
    const start = this.at;
    this.at += length;
    return start;
  }
}

const MAX_EMPTY_ITEMS = 1_000_000;
