import type { AvroCursor } from '../avro/cursor.ts';
import type { PlacedReader } from '../avro/decoder.ts';

/**
 * A map of metrics that stays encoded where it is in its manifest: a file has hundreds of them, of which a scan
 * looks at one or two.
 */
export class PlacedMap<V> implements ReadonlyMap<number, V> {
  readonly [Symbol.toStringTag] = 'Map';
  private readonly cursor: AvroCursor;
  private readonly place: number;
  private readonly reader: PlacedReader;
  private readonly convert: (value: unknown) => V;

  /** @param convert makes the value what it should be, or throws */
  constructor(cursor: AvroCursor, place: number, reader: PlacedReader, convert: (value: unknown) => V) {
    this.cursor = cursor;
    this.place = place;
    this.reader = reader;
    this.convert = convert;
  }

  get(key: number): V | undefined {
    const found = this.reader.find(this.cursor.moveTo(this.place), key);
    return found === undefined ? undefined : this.convert(found);
  }

  has(key: number): boolean {
    return this.get(key) !== undefined;
  }

  get size(): number {
    return this.decoded().size;
  }

  forEach(visit: (value: V, key: number, map: ReadonlyMap<number, V>) => void): void {
    for (const [key, value] of this.decoded()) visit(value, key, this);
  }

  entries(): MapIterator<[number, V]> {
    return this.decoded().entries();
  }

  keys(): MapIterator<number> {
    return this.decoded().keys();
  }

  values(): MapIterator<V> {
    return this.decoded().values();
  }

  [Symbol.iterator](): MapIterator<[number, V]> {
    return this.entries();
  }

  private decoded(): Map<number, V> {
    const map = this.reader.decode(this.cursor.moveTo(this.place)) as ReadonlyMap<unknown, unknown>;
    return new Map([...map].map(([key, value]) => [Number(key), this.convert(value)]));
  }
}
