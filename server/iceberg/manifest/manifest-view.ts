import { isAppError } from '#shared/errors/app-error.ts';
import { AvroCursor, AvroDecodeError } from '../avro/cursor.ts';
import { compilePlacing, type PlacedReader } from '../avro/decoder.ts';
import { asCorrupt, readAvroData } from '../avro/read-container.ts';
import type { Decode } from '../avro/reader.ts';
import type { ManifestEntry, ManifestFile, PartitionValues } from './data-file.ts';
import { FieldReader } from './field-reader.ts';
import { MANIFEST_ENTRY, MANIFEST_ROW } from './manifest-schema.ts';
import { PlacedMap, type PlacedMetric } from './placed-map.ts';
import { readEntry, STATUSES, type BoundMetric, type CountMetric, type Metrics } from './read-entry.ts';

/** Metrics by which files are pruned. */
const METRICS = [
  'valueCounts',
  'nullValueCounts',
  'nanValueCounts',
  'lowerBounds',
  'upperBounds',
] as const satisfies readonly (CountMetric | BoundMetric)[];
type Pruning = (typeof METRICS)[number];

const DELETED = STATUSES.indexOf('deleted');
/** About what an entry takes once it has been asked for, and a value that is kept for each entry. */
const ENTRY_BYTES = 700;
const KEPT_BYTES = 200;

/**
 * A manifest as a scan needs it: of most files it looks at partition and a metric or two, so entries stay encoded
 * until they are asked for. Takes about what the manifest has uncompressed, a tenth of its entries as objects.
 */
export class ManifestView {
  readonly manifest: ManifestFile;
  /** Entries, deleted ones too. */
  readonly size: number;
  /** Spec that the files' partitions are of. */
  readonly specId: number;
  /** The partitions that there are, each once. */
  readonly partitions: readonly PartitionValues[];
  /** Which of `partitions` each entry is in. */
  readonly partitionOf: Uint32Array;
  private readonly cursor: AvroCursor;
  private readonly bytes: number;
  private readonly starts: Uint32Array;
  private readonly statuses: Uint8Array;
  /** For each entry one more than the place of each of METRICS; 0 where it has none. */
  private readonly places: Uint32Array;
  private readonly firstRowIds: readonly (bigint | undefined)[] | null;
  private readonly decodeEntry: Decode;
  private readonly placed: ReadonlyMap<string, PlacedReader>;
  private readonly metrics: PlacedMetrics;
  private readonly made: (ManifestEntry | undefined)[] = [];
  private readonly kept = new Map<string, unknown>();

  /**
   * Entries inherit sequence numbers, snapshot id and first row id from `manifest`.
   *
   * @throws CORRUPT_FILE naming the manifest and the field; UNSUPPORTED for a codec that cannot be read.
   */
  static async read(bytes: Uint8Array, manifest: ManifestFile): Promise<ManifestView> {
    const data = await readAvroData(bytes, manifest.manifestPath);
    try {
      return new ManifestView(data, manifest);
    } catch (error) {
      throw error instanceof AvroDecodeError || !isAppError(error)
        ? asCorrupt(error, manifest.manifestPath)
        : error;
    }
  }

  private constructor(
    { header, data, blocks }: Awaited<ReturnType<typeof readAvroData>>,
    manifest: ManifestFile,
  ) {
    this.manifest = manifest;
    const ownSpecId = /^\d{1,9}$/.exec(header.metadata.get('partition-spec-id') ?? '')?.[0];
    this.specId = ownSpecId === undefined ? manifest.partitionSpecId : Number(ownSpecId);
    this.bytes = data.length;
    this.cursor = new AvroCursor(data);
    const rows = compilePlacing(header.schema, MANIFEST_ROW);
    const entries = compilePlacing(header.schema, MANIFEST_ENTRY);
    this.decodeEntry = entries.decode;
    this.placed = entries.placed;
    this.metrics = new PlacedMetrics(this.cursor, entries.placed, manifest.manifestPath);

    const size = blocks.reduce((sum, block) => sum + block.count, 0);
    this.size = size;
    this.starts = new Uint32Array(size);
    this.statuses = new Uint8Array(size);
    this.places = new Uint32Array(size * METRICS.length);
    this.partitionOf = new Uint32Array(size);
    const partitions = new DistinctPartitions(data, this.cursor, rows.placed.get('partition'));
    const rowIds = new RowIds(manifest);
    let index = 0;
    for (const { count, end } of blocks) {
      for (let i = 0; i < count; i += 1, index += 1) {
        this.starts[index] = this.cursor.position;
        const record = rows.decode(this.cursor) as Readonly<Record<string, unknown>>;
        const next = this.cursor.position;
        const row = new FieldReader(record, manifest.manifestPath, 'entry', index);
        row.choice('status', STATUSES);
        const status = row.int('status');
        this.statuses[index] = status;
        const file = row.record('dataFile');
        for (let metric = 0; metric < METRICS.length; metric += 1) {
          const place = file.optionalPlace(METRICS[metric] ?? '') ?? -1;
          this.places[index * METRICS.length + metric] = place + 1;
        }
        this.partitionOf[index] = partitions.idOf(file.optionalPlace('partition'));
        rowIds.add(status !== DELETED, file);
        this.cursor.moveTo(next);
      }
      if (this.cursor.position !== end)
        throw new AvroDecodeError(`a block ends ${this.cursor.position - end} bytes from its last entry`);
    }
    this.partitions = partitions.found;
    this.firstRowIds = rowIds.ids;
  }

  isLive(index: number): boolean {
    return this.statuses[index] !== DELETED;
  }

  /** One entry, as an object; the same one each time. */
  entry(index: number): ManifestEntry {
    const known = this.made[index];
    if (known !== undefined) return known;
    const file = this.manifest.manifestPath;
    let record: Readonly<Record<string, unknown>>;
    try {
      const start = this.starts[index] ?? 0;
      record = this.decodeEntry(this.cursor.moveTo(start)) as Readonly<Record<string, unknown>>;
    } catch (error) {
      throw asCorrupt(error, file);
    }
    const entry = readEntry(new FieldReader(record, file, 'entry', index), this.manifest, {
      specId: this.specId,
      partition: this.partitions[this.partitionOf[index] ?? 0] ?? NO_PARTITION,
      firstRowId: this.firstRowIds?.[index],
      metrics: this.metrics,
    });
    this.made[index] = entry;
    return entry;
  }

  /** All entries, deleted ones too. */
  entries(): readonly ManifestEntry[] {
    return Array.from({ length: this.size }, (_, index) => this.entry(index));
  }

  /** One column's count of an entry; undefined where there is none. */
  count(index: number, metric: Pruning & CountMetric, fieldId: number): bigint | undefined {
    return asCount(this.find(index, metric, fieldId));
  }

  /** One column's bound of an entry, in single-value binary form; undefined where there is none. */
  bound(index: number, metric: Pruning & BoundMetric, fieldId: number): Uint8Array | undefined {
    return asBytes(this.find(index, metric, fieldId));
  }

  /** Where all scans keep something that they make of entries, by the entries' numbers. */
  keep<T>(key: string): (T | undefined)[] {
    let kept = this.kept.get(key);
    if (kept === undefined) this.kept.set(key, (kept = Array.from<T | undefined>({ length: this.size })));
    return kept as (T | undefined)[];
  }

  /** About how many bytes it takes now; more as it is asked. */
  get memory(): number {
    const fixed = this.bytes + this.size * (METRICS.length * 4 + 9) + this.partitions.length * ENTRY_BYTES;
    return fixed + this.made.length * ENTRY_BYTES + this.kept.size * this.size * KEPT_BYTES;
  }

  private find(index: number, metric: Pruning, fieldId: number): unknown {
    const place = this.places[index * METRICS.length + METRICS.indexOf(metric)] ?? 0;
    if (place === 0) return undefined;
    return this.placed.get(metric)?.find(this.cursor.moveTo(place - 1), fieldId);
  }
}

/** The maps of entries, which stay where they are. */
class PlacedMetrics implements Metrics {
  private readonly metrics = new Map<string, PlacedMetric<never>>();
  private readonly cursor: AvroCursor;
  private readonly placed: ReadonlyMap<string, PlacedReader>;
  private readonly location: string;

  constructor(cursor: AvroCursor, placed: ReadonlyMap<string, PlacedReader>, location: string) {
    this.cursor = cursor;
    this.placed = placed;
    this.location = location;
  }

  counts(file: FieldReader, name: CountMetric): PlacedMap<bigint> | undefined {
    return this.map(file, name, asCount);
  }

  bounds(file: FieldReader, name: BoundMetric): PlacedMap<Uint8Array> | undefined {
    return this.map(file, name, asBytes);
  }

  private map<V>(
    file: FieldReader,
    name: string,
    convert: (value: unknown) => V | undefined,
  ): PlacedMap<V> | undefined {
    const place = file.optionalPlace(name);
    const reader = this.placed.get(name);
    if (place === undefined || reader === undefined) return undefined;
    let metric = this.metrics.get(name) as PlacedMetric<V> | undefined;
    if (metric === undefined) {
      const fail = (entry: number) =>
        new FieldReader({}, this.location, 'entry', entry).fail(name, 'has a value of a wrong type');
      metric = { cursor: this.cursor, reader, convert, fail };
      this.metrics.set(name, metric as PlacedMetric<never>);
    }
    return new PlacedMap(metric, place, file.index);
  }
}

const NO_PARTITION: PartitionValues = new Map();

/** Some writers use int where the spec has long. */
function asCount(value: unknown): bigint | undefined {
  return typeof value === 'number' ? BigInt(value) : typeof value === 'bigint' ? value : undefined;
}

function asBytes(value: unknown): Uint8Array | undefined {
  return value instanceof Uint8Array ? value : undefined;
}

/** Files of one partition share its values: a manifest has many more files than partitions. */
class DistinctPartitions {
  readonly found: PartitionValues[] = [];
  private readonly ids = new Map<string, number>();
  private readonly data: Buffer;
  private readonly cursor: AvroCursor;
  private readonly reader: PlacedReader | undefined;

  constructor(data: Uint8Array, cursor: AvroCursor, reader: PlacedReader | undefined) {
    this.data = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
    this.cursor = cursor;
    this.reader = reader;
  }

  /** @param place undefined where there is none: some writers leave out what has no members */
  idOf(place: number | undefined): number {
    let key = '';
    if (place !== undefined) {
      this.reader?.skip(this.cursor.moveTo(place));
      key = this.data.toString('latin1', place, this.cursor.position);
    }
    let id = this.ids.get(key);
    if (id === undefined) {
      id = this.found.length;
      this.ids.set(key, id);
      this.found.push(place === undefined ? NO_PARTITION : this.values(place));
    }
    return id;
  }

  private values(place: number): PartitionValues {
    const values = this.reader?.decode(this.cursor.moveTo(place));
    if (values instanceof Map) return values as PartitionValues;
    throw new AvroDecodeError("the 'partition' of an entry is no record");
  }
}

/** v3: the manifest's own first row id counts on, file by file. */
class RowIds {
  readonly ids: (bigint | undefined)[] | null;
  private next: bigint;

  constructor({ firstRowId }: ManifestFile) {
    this.ids = firstRowId === undefined ? null : [];
    this.next = firstRowId ?? 0n;
  }

  add(live: boolean, file: FieldReader): void {
    if (this.ids === null) return;
    const inherits = live && file.optionalLong('firstRowId') === undefined;
    this.ids.push(inherits ? this.next : undefined);
    if (inherits) this.next += file.long('recordCount');
  }
}
