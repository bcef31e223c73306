import type { AvroCursor } from '../avro/cursor.ts';
import type { PlacedReader } from '../avro/decoder.ts';

/** What all maps of one metric in a manifest share. */
export interface PlacedMetric<V> {
  readonly cursor: AvroCursor;
  readonly reader: PlacedReader;
  /** Undefined for what is of a wrong type. */
  readonly convert: (value: unknown) => V | undefined;
  /** @throws CORRUPT_FILE naming manifest, entry and metric. */
  readonly fail: (entry: number) => never;
}

/**
 * A map of metrics that stays encoded where it is in its manifest: a file has hundreds of them, of which a scan
 * looks at one or two.
 */
export class PlacedMap<V> implements ReadonlyMap<number, V> {
  private readonly metric: PlacedMetric<V>;
  private readonly place: number;
  private readonly entry: number;

  constructor(metric: PlacedMetric<V>, place: number, entry: number) {
    this.metric = metric;
    this.place = place;
    this.entry = entry;
  }

  get(key: number): V | undefined {
    const { cursor, reader } = this.metric;
    const found = reader.find(cursor.moveTo(this.place), key);
    return found === undefined ? undefined : this.checked(found);
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
    const { cursor, reader } = this.metric;
    const map = reader.decode(cursor.moveTo(this.place)) as ReadonlyMap<unknown, unknown>;
    return new Map([...map].map(([key, value]) => [Number(key), this.checked(value)]));
  }

  private checked(value: unknown): V {
    return this.metric.convert(value) ?? this.metric.fail(this.entry);
  }
}
