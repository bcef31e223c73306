import { AppError } from '#shared/errors/app-error.ts';
import { BITMAP_WORDS, MAX_ARRAY, countBits, runsOf, sizeOf, valuesOf, type Container } from './container.ts';
import { PositionSet } from './position-set.ts';

const COOKIE = 12347;
const COOKIE_WITHOUT_RUNS = 12346;
/** Bitmaps with runs leave out where each container is when they have fewer than this. */
const NO_OFFSETS_BELOW = 4;
const BITMAP_BYTES = BITMAP_WORDS * 4;
const KEYS = 0x10000;

/**
 * Writes positions as a 64-bit Roaring bitmap in the portable form (RoaringFormatSpec): how many 32-bit
 * bitmaps there are, then each after the upper half of its positions; every container in its smallest form.
 */
export function encodeRoaring(positions: PositionSet): Uint8Array {
  const bitmaps = new Map<number, (readonly [number, Encoded])[]>();
  for (const [key, container] of positions.containers) {
    const upper = Math.floor(key / KEYS);
    const bitmap = bitmaps.get(upper) ?? [];
    bitmaps.set(upper, bitmap);
    bitmap.push([key % KEYS, encodeContainer(container)]);
  }
  const parts: Uint8Array[] = [packed(8, (view) => view.setBigUint64(0, BigInt(bitmaps.size), true))];
  for (const [upper, containers] of bitmaps) {
    parts.push(
      packed(4, (view) => view.setUint32(0, upper, true)),
      encodeHeader(containers),
    );
    for (const [, { bytes }] of containers) parts.push(bytes);
  }
  return new Uint8Array(Buffer.concat(parts));
}

interface Encoded {
  readonly isRun: boolean;
  readonly size: number;
  readonly bytes: Uint8Array;
}

function encodeContainer(container: Container): Encoded {
  const size = sizeOf(container);
  const runs = [...runsOf(container)];
  const plainBytes = Math.min(size * 2, BITMAP_BYTES);
  if (2 + runs.length * 4 < plainBytes) {
    const bytes = packed(2 + runs.length * 4, (view) => {
      view.setUint16(0, runs.length, true);
      for (const [index, [first, last]] of runs.entries()) {
        view.setUint16(2 + index * 4, first, true);
        view.setUint16(4 + index * 4, last - first, true);
      }
    });
    return { isRun: true, size, bytes };
  }
  const bytes = new Uint8Array(plainBytes);
  if (size <= MAX_ARRAY) {
    const view = new DataView(bytes.buffer);
    let at = 0;
    for (const value of valuesOf(container)) view.setUint16(at++ * 2, value, true);
  } else {
    for (const value of valuesOf(container))
      bytes[value >>> 3] = (bytes[value >>> 3] ?? 0) | (1 << (value & 7));
  }
  return { isRun: false, size, bytes };
}

function encodeHeader(containers: readonly (readonly [number, Encoded])[]): Uint8Array {
  const count = containers.length;
  const withRuns = containers.some(([, { isRun }]) => isRun);
  const withOffsets = !withRuns || count >= NO_OFFSETS_BELOW;
  const flagBytes = withRuns ? Math.ceil(count / 8) : 0;
  const keysAt = withRuns ? 4 + flagBytes : 8;
  const offsetsAt = keysAt + count * 4;
  const length = offsetsAt + (withOffsets ? count * 4 : 0);
  return packed(length, (view) => {
    if (withRuns) view.setUint32(0, COOKIE | ((count - 1) << 16), true);
    else {
      view.setUint32(0, COOKIE_WITHOUT_RUNS, true);
      view.setUint32(4, count, true);
    }
    let at = length;
    for (const [index, [key, { isRun, size, bytes }]] of containers.entries()) {
      if (isRun) view.setUint8(4 + (index >>> 3), view.getUint8(4 + (index >>> 3)) | (1 << (index & 7)));
      view.setUint16(keysAt + index * 4, key, true);
      view.setUint16(keysAt + index * 4 + 2, size - 1, true);
      if (withOffsets) view.setUint32(offsetsAt + index * 4, at, true);
      at += bytes.length;
    }
  });
}

/**
 * The inverse of encodeRoaring, of whatever a writer chose for each container. What it makes is never larger
 * than a small multiple of the bytes.
 *
 * @throws CORRUPT_FILE saying what is wrong, without the file's name, which the caller knows.
 */
export function decodeRoaring(bytes: Uint8Array): PositionSet {
  const reader = new RoaringReader(bytes);
  const containers: (readonly [number, Container])[] = [];
  const bitmaps = reader.count();
  let last = -1;
  for (let i = 0; i < bitmaps; i += 1) {
    const upper = reader.uint32();
    if (upper <= last || upper >= 0x80000000) fail(`its bitmap ${upper} follows the bitmap ${last}`);
    last = upper;
    for (const [key, container] of reader.bitmap()) containers.push([upper * KEYS + key, container]);
  }
  if (reader.remaining > 0) fail(`${reader.remaining} bytes are left after its last container`);
  return new PositionSet(containers);
}

function fail(what: string): never {
  throw new AppError('CORRUPT_FILE', `The bitmap of row positions is damaged: ${what}`);
}

class RoaringReader {
  private readonly bytes: Uint8Array;
  private readonly view: DataView;
  private at = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get remaining(): number {
    return this.bytes.length - this.at;
  }

  /** How many 32-bit bitmaps there are, of which each takes 12 bytes at least. */
  count(): number {
    const count = this.view.getBigUint64(this.take(8), true);
    if (count * 12n > BigInt(this.remaining)) fail(`it has ${count} bitmaps in ${this.remaining} bytes`);
    return Number(count);
  }

  uint32(): number {
    return this.view.getUint32(this.take(4), true);
  }

  bitmap(): (readonly [number, Container])[] {
    const start = this.at;
    const cookie = this.uint32();
    const withRuns = (cookie & 0xffff) === COOKIE;
    if (!withRuns && cookie !== COOKIE_WITHOUT_RUNS) fail(`it begins with ${cookie}, as no bitmap does`);
    const count = withRuns ? (cookie >>> 16) + 1 : this.uint32();
    if (count > KEYS) fail(`it has ${count} containers`);
    const flagsAt = withRuns ? this.take(Math.ceil(count / 8)) : -1;
    const keysAt = this.take(count * 4);
    const offsetsAt = withRuns && count < NO_OFFSETS_BELOW ? -1 : this.take(count * 4);
    const containers: (readonly [number, Container])[] = [];
    let last = -1;
    for (let i = 0; i < count; i += 1) {
      const key = this.view.getUint16(keysAt + i * 4, true);
      const size = this.view.getUint16(keysAt + i * 4 + 2, true) + 1;
      if (key <= last) fail(`its container ${key} follows the container ${last}`);
      last = key;
      if (offsetsAt >= 0 && this.view.getUint32(offsetsAt + i * 4, true) !== this.at - start)
        fail(`its container ${key} is not where it says`);
      const isRun = flagsAt >= 0 && (this.view.getUint8(flagsAt + (i >>> 3)) & (1 << (i & 7))) !== 0;
      containers.push([key, isRun ? this.run(size) : size > MAX_ARRAY ? this.bits(size) : this.array(size)]);
    }
    return containers;
  }

  private array(size: number): Container {
    const values = this.uint16s(size);
    for (let i = 1; i < size; i += 1) {
      if ((values[i] ?? 0) <= (values[i - 1] ?? 0)) fail('the positions of a container are not in order');
    }
    return { kind: 'array', values };
  }

  private bits(size: number): Container {
    const start = this.take(BITMAP_BYTES);
    const words = Uint32Array.from({ length: BITMAP_WORDS }, (_, i) =>
      this.view.getUint32(start + i * 4, true),
    );
    const found = countBits(words);
    if (found !== size) fail(`a container of ${size} positions has ${found}`);
    return { kind: 'bitmap', words, size };
  }

  private run(size: number): Container {
    const runs = this.view.getUint16(this.take(2), true);
    const pairs = this.uint16s(runs * 2);
    let next = 0;
    let found = 0;
    for (let i = 0; i < pairs.length; i += 2) {
      const first = pairs[i] ?? 0;
      const more = pairs[i + 1] ?? 0;
      if (first < next || first + more >= KEYS) fail('the runs of a container are not in order');
      next = first + more + 1;
      found += more + 1;
    }
    if (found !== size) fail(`a container of ${size} positions has ${found}`);
    return { kind: 'run', pairs, size };
  }

  private uint16s(length: number): Uint16Array {
    const start = this.take(length * 2);
    return Uint16Array.from({ length }, (_, i) => this.view.getUint16(start + i * 2, true));
  }

  private take(length: number): number {
    if (length > this.remaining) fail('it ends in the middle of a container');
    const start = this.at;
    this.at += length;
    return start;
  }
}

function packed(length: number, write: (view: DataView) => void): Uint8Array {
  const bytes = new Uint8Array(length);
  write(new DataView(bytes.buffer));
  return bytes;
}
