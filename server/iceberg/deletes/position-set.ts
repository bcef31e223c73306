import { AppError } from '#shared/errors/app-error.ts';
import {
  BITMAP_WORDS,
  MAX_ARRAY,
  containerOf,
  containerOfBits,
  contains,
  setBit,
  sizeOf,
  union,
  valuesOf,
  type Container,
} from './container.ts';

/** A row's place in its file, from 0; a bigint above 2^53. */
export type Position = number | bigint;

const CONTAINER_SIZE = 0x10000;
const MAX_POSITION = 2n ** 63n - 1n;

/** Row positions, never changed once made; takes a few bytes a position at most, far fewer for long runs. */
export class PositionSet implements Iterable<Position> {
  static readonly EMPTY = new PositionSet([]);

  readonly size: number;
  /** Ascending by key, which is a position without its lowest 16 bits; none is empty. */
  readonly containers: readonly (readonly [key: number, container: Container])[];
  private readonly byKey: ReadonlyMap<number, Container>;

  constructor(containers: readonly (readonly [key: number, container: Container])[]) {
    this.containers = containers;
    this.byKey = new Map(containers);
    this.size = containers.reduce((sum, [, container]) => sum + sizeOf(container), 0);
  }

  /**
   * @param positions in any order, also more than once
   * @throws INVALID_INPUT for what is no position of a row.
   */
  static of(positions: Iterable<Position>): PositionSet {
    const growing = new Map<number, GrowingContainer>();
    let key = -1;
    let current: GrowingContainer | undefined;
    for (const position of positions) {
      const own = keyOf(position);
      if (own !== key || current === undefined) {
        key = own;
        current = growing.get(key);
        if (current === undefined) growing.set(key, (current = new GrowingContainer()));
      }
      current.add(lowOf(position));
    }
    const sorted = [...growing].sort(([a], [b]) => a - b);
    return new PositionSet(sorted.map(([key, container]) => [key, container.finish()]));
  }

  has(position: Position): boolean {
    const container = this.byKey.get(keyOf(position));
    return container !== undefined && contains(container, lowOf(position));
  }

  /** Ascending; numbers as far as they are exact. */
  *[Symbol.iterator](): Generator<Position> {
    for (const [key, container] of this.containers) {
      const base = key * CONTAINER_SIZE;
      if (Number.isSafeInteger(base + CONTAINER_SIZE)) {
        for (const value of valuesOf(container)) yield base + value;
      } else {
        for (const value of valuesOf(container)) yield BigInt(key) * BigInt(CONTAINER_SIZE) + BigInt(value);
      }
    }
  }

  union(other: PositionSet): PositionSet {
    if (other.size === 0) return this;
    const merged = new Map(this.byKey);
    for (const [key, container] of other.containers) {
      const own = merged.get(key);
      merged.set(key, own === undefined ? container : union(own, container));
    }
    return new PositionSet([...merged].sort(([a], [b]) => a - b));
  }
}

function keyOf(position: Position): number {
  if (typeof position === 'number') {
    if (Number.isSafeInteger(position) && position >= 0) return Math.floor(position / CONTAINER_SIZE);
  } else if (position >= 0n && position <= MAX_POSITION) {
    return Number(position >> 16n);
  }
  throw new AppError('INVALID_INPUT', `${position} is no position of a row in a file.`);
}

function lowOf(position: Position): number {
  return typeof position === 'number' ? position % CONTAINER_SIZE : Number(position & 0xffffn);
}

/** Values as they come; a bitmap once an array would be larger. */
class GrowingContainer {
  private values = new Uint16Array(4);
  private length = 0;
  private words: Uint32Array | null = null;

  add(value: number): void {
    if (this.words !== null) return setBit(this.words, value);
    if (this.length === this.values.length) {
      if (this.length === MAX_ARRAY) {
        this.words = new Uint32Array(BITMAP_WORDS);
        for (const known of this.values) setBit(this.words, known);
        return setBit(this.words, value);
      }
      const larger = new Uint16Array(Math.min(this.length * 2, MAX_ARRAY));
      larger.set(this.values);
      this.values = larger;
    }
    this.values[this.length] = value;
    this.length += 1;
  }

  finish(): Container {
    return this.words === null
      ? containerOf(this.values.subarray(0, this.length))
      : containerOfBits(this.words);
  }
}
