import { AppError } from '#shared/errors/app-error.ts';
import { parseTransform, type PartitionSpec } from '#shared/iceberg/partition.ts';
import type { Schema } from '#shared/iceberg/schema.ts';
import { fileKey, fileRoot, sameFile } from '../deletes/file-identity.ts';
import type { DataFile } from '../manifest/data-file.ts';
import { decodeValue } from '../values/single-value.ts';
import { DeleteGroup, NOWHERE, type IndexedDelete } from './delete-group.ts';
import { EqualityOverlap } from './equality-overlap.ts';
import type { OpenInterval } from './interval-index.ts';
import { partitionKey } from './partition-key.ts';

/** A delete file that may delete rows of the data file it is planned with. */
export interface PlannedDelete {
  readonly file: DataFile;
  readonly sequenceNumber: bigint;
}

const NONE: readonly PlannedDelete[] = [];
/** Reserved field id of a position delete file's column of data file locations. */
const FILE_PATH_ID = 2147483546;

/**
 * Which delete files apply to which data files (spec, "Scan Planning"): a deletion vector to the one file it
 * names, and then no position deletes beside it; position deletes to files of their partition as old as they
 * are or older; equality deletes to older files of their partition, or of the table where their spec has none.
 */
export class DeleteIndex {
  private readonly vectors = new Map<string, PlannedDelete[]>();
  private readonly positionsByFile = new Map<string, DeleteGroup>();
  private readonly positionsByPartition = new Map<string, DeleteGroup>();
  private readonly equalityByPartition = new Map<string, DeleteGroup>();
  private readonly equalityOfTable = new DeleteGroup();
  private readonly specs: ReadonlyMap<number, PartitionSpec>;
  private readonly overlap: EqualityOverlap;

  /** @throws CORRUPT_METADATA, UNSUPPORTED naming the delete file. */
  constructor(
    deletes: readonly PlannedDelete[],
    specs: readonly PartitionSpec[],
    /** Newest first. */
    schemas: readonly Schema[],
  ) {
    this.specs = new Map(specs.map((spec) => [spec.specId, spec]));
    this.overlap = new EqualityOverlap(schemas);
    for (const planned of deletes) this.add(planned);
  }

  /** Of any order; the same array may stand for many files. */
  deletesOf(data: DataFile, sequenceNumber: bigint): readonly PlannedDelete[] {
    const partition = partitionKey(data, this.specs.get(data.specId));
    const { may, interval } = this.overlap.of(data);
    const after = sequenceNumber + 1n;
    const global = this.equalityOfTable.from(after, may, interval);
    const local = this.equalityByPartition.get(partition)?.from(after, may, interval) ?? NONE;
    const vector = this.vectorOf(data, sequenceNumber, partition);
    if (vector !== undefined) return joined(global, local, [vector]);

    return joined(
      global,
      local,
      this.positionsByPartition.get(partition)?.from(sequenceNumber, always, locationOf(data)) ?? NONE,
      this.positionsOf(data, sequenceNumber, partition),
    );
  }

  private positionsOf(data: DataFile, sequenceNumber: bigint, partition: string): readonly PlannedDelete[] {
    if (this.positionsByFile.size === 0) return NONE;
    const group = this.positionsByFile.get(fileKey(data.filePath));
    return (
      group?.from(
        sequenceNumber,
        (planned) => this.isOf(planned, data, partition),
        () => ({}),
      ) ?? NONE
    );
  }

  private vectorOf(data: DataFile, sequenceNumber: bigint, partition: string): PlannedDelete | undefined {
    if (this.vectors.size === 0) return undefined;
    const found = (this.vectors.get(fileKey(data.filePath)) ?? []).filter((vector) =>
      this.isOf(vector, data, partition),
    );
    const [vector, other] = found;
    if (vector === undefined) return undefined;
    if (other !== undefined) {
      this.fail(
        other.file,
        `is a second deletion vector of ${data.filePath}, beside ${vector.file.filePath}`,
      );
    }
    if (vector.file.recordCount > data.recordCount) {
      this.fail(
        vector.file,
        `deletes ${vector.file.recordCount} rows of ${data.filePath}, which has ${data.recordCount}`,
      );
    }
    if (vector.sequenceNumber < sequenceNumber) {
      this.fail(
        vector.file,
        `is a deletion vector of ${data.filePath}, but its sequence number ${vector.sequenceNumber} is below the file's ${sequenceNumber}`,
      );
    }
    return vector;
  }

  /** A file-scoped delete, of which the index has no more than a file's key. */
  private isOf({ file }: PlannedDelete, data: DataFile, partition: string): boolean {
    const target = targetOf(file);
    if (target === undefined || !sameFile(target, data.filePath)) return false;
    return file.specId === data.specId && partitionKey(file, this.specs.get(file.specId)) === partition;
  }

  private add(planned: PlannedDelete): void {
    const { file } = planned;
    const spec = this.specs.get(file.specId);
    if (spec === undefined)
      this.fail(file, `is of the partition spec ${file.specId}, which the table has not`);
    assertReadable(file);
    const key = partitionKey(file, spec);
    if (file.content === 'equality-deletes') {
      if (file.equalityIds === undefined || file.equalityIds.length === 0)
        this.fail(file, `deletes rows by equality, but 'equality_ids' names no column`);
      const group = isUnpartitioned(spec) ? this.equalityOfTable : groupOf(this.equalityByPartition, key);
      group.add({
        ...planned,
        places: file.equalityIds.map((id) => ({
          axis: String(id),
          interval: this.overlap.intervalOf(file, id),
        })),
        always: this.overlap.isSilent(file),
      });
    } else if (file.fileFormat === 'PUFFIN') {
      const target = fileKey(this.targetOfVector(file));
      const others = this.vectors.get(target);
      if (others === undefined) this.vectors.set(target, [planned]);
      else others.push(planned);
    } else {
      const target = targetOf(file);
      if (target === undefined)
        groupOf(this.positionsByPartition, key).add({ ...planned, ...placesOf(file) });
      else
        groupOf(this.positionsByFile, fileKey(target)).add({
          ...planned,
          places: [NOWHERE],
          always: false,
        });
    }
  }

  private targetOfVector(file: DataFile): string {
    for (const field of ['referencedDataFile', 'contentOffset', 'contentSizeInBytes'] as const) {
      if (file[field] === undefined) this.fail(file, `is a deletion vector without '${COLUMNS[field]}'`);
    }
    return file.referencedDataFile ?? '';
  }

  private fail(file: DataFile, what: string): never {
    throw new AppError('CORRUPT_METADATA', `The delete file ${file.filePath} ${what}.`, {
      context: { file: file.filePath },
    });
  }
}

const COLUMNS = {
  referencedDataFile: 'referenced_data_file',
  contentOffset: 'content_offset',
  contentSizeInBytes: 'content_size_in_bytes',
} as const;

function assertReadable(file: DataFile): void {
  if (file.fileFormat === 'PARQUET' || file.fileFormat === 'AVRO') return;
  if (file.fileFormat === 'PUFFIN' && file.content === 'position-deletes') return;
  throw new AppError(
    'UNSUPPORTED',
    `The delete file ${file.filePath} is ${file.fileFormat}; deletes are read from Parquet, Avro and (deletion vectors) Puffin files. Compact the table with the engine that wrote it.`,
    { context: { file: file.filePath } },
  );
}

/** The one data file whose rows a position delete file deletes, where it has only one. */
function targetOf(file: DataFile): string | undefined {
  if (file.referencedDataFile !== undefined) return file.referencedDataFile;
  const { lower, upper } = pathsOf(file);
  return typeof lower === 'string' && lower === upper ? lower : undefined;
}

/** Between which locations those lie whose rows a position delete file deletes. */
function pathsOf(file: DataFile): OpenInterval {
  const lower = file.lowerBounds?.get(FILE_PATH_ID);
  const upper = file.upperBounds?.get(FILE_PATH_ID);
  const from = lower === undefined ? undefined : decodeValue('string', lower);
  const to = upper === undefined ? undefined : decodeValue('string', upper);
  return {
    ...(from === undefined ? {} : { lower: from }),
    ...(to === undefined ? {} : { upper: to }),
  };
}

/** Locations are written in more than one way; only those that begin alike have an order. */
function placesOf(file: DataFile): Pick<IndexedDelete, 'places' | 'always'> {
  const { lower, upper } = pathsOf(file);
  const root = typeof lower === 'string' ? fileRoot(lower) : '';
  return typeof upper === 'string' && fileRoot(upper) === root && root !== ''
    ? { places: [{ axis: root, interval: { lower, upper } }], always: false }
    : { places: [NOWHERE], always: true };
}

function locationOf({ filePath }: DataFile): (axis: string) => OpenInterval {
  const root = fileRoot(filePath);
  return (axis) => (axis === root ? { lower: filePath, upper: filePath } : {});
}

function always(): boolean {
  return true;
}

function isUnpartitioned(spec: PartitionSpec): boolean {
  return spec.fields.every((field) => parseTransform(field.transform).kind === 'void');
}

function groupOf(groups: Map<string, DeleteGroup>, key: string): DeleteGroup {
  let group = groups.get(key);
  if (group === undefined) groups.set(key, (group = new DeleteGroup()));
  return group;
}

function joined(...parts: readonly (readonly PlannedDelete[])[]): readonly PlannedDelete[] {
  const filled = parts.filter((part) => part.length > 0);
  return filled.length > 1 ? filled.flat() : (filled[0] ?? NONE);
}
