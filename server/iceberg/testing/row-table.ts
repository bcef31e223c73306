import type { ComparisonOp, Expression } from '#shared/iceberg/expression.ts';
import type { PartitionSpec } from '#shared/iceberg/partition.ts';
import { schemaFromColumns } from '#shared/iceberg/duckdb-types.ts';
import { compareValues, type IcebergValue } from '#shared/iceberg/values.ts';
import type { FormatVersion } from '#shared/iceberg/table-metadata.ts';
import type { FileIO } from '../../storage/file-io.ts';
import { createMemoryFileIO } from '../../storage/memory-file-io.ts';
import type { DataFile } from '../manifest/data-file.ts';
import { createTableMetadata } from '../metadata/create.ts';
import { loadTable, type LoadedTable } from '../metadata/load.ts';
import { defaultSpec } from '../metadata/lookup.ts';
import { partitionValuesOf } from '../partition/partition-values.ts';
import { partitionKey } from '../scan/partition-key.ts';
import { planFiles, type PlannedFile } from '../scan/plan-files.ts';
import { fileKeyOf } from '../transaction/file-key.ts';
import { stageCreate, type StagedCommit } from '../transaction/staged-commit.ts';
import { encodeValue } from '../values/single-value.ts';

export interface Row {
  readonly id: bigint;
  readonly day: number | null;
  readonly note: string;
}

export const ID = 1;
export const DAY = 2;
export const ROW_SCHEMA = schemaFromColumns([
  { name: 'id', sqlType: 'BIGINT' },
  { name: 'day', sqlType: 'INTEGER' },
  { name: 'note', sqlType: 'VARCHAR' },
]);

/** The rows that a delete file deletes. */
type Deleted =
  | { readonly positions: ReadonlyMap<string, ReadonlySet<number>> }
  | { readonly ids: ReadonlySet<bigint> };

/**
 * A table whose metadata is real and whose files are rows in memory: what a scan of it gives is told by its
 * manifests alone.
 */
export class RowTable {
  readonly io: FileIO;
  readonly #rows = new Map<string, readonly Row[]>();
  readonly #deletes = new Map<string, Deleted>();
  #files = 0;

  constructor(io: FileIO = createMemoryFileIO()) {
    this.io = io;
  }

  async create(options: {
    readonly formatVersion?: FormatVersion;
    readonly spec?: PartitionSpec;
    readonly properties?: Readonly<Record<string, string>>;
  }): Promise<LoadedTable> {
    const metadata = createTableMetadata({
      location: `${this.io.root}/t`,
      schema: ROW_SCHEMA,
      formatVersion: options.formatVersion ?? 2,
      ...(options.spec === undefined ? {} : { partitionSpec: options.spec }),
      ...(options.properties === undefined ? {} : { properties: options.properties }),
    });
    return this.load(await stageCreate({ io: this.io, metadata }));
  }

  async load(staged: StagedCommit): Promise<LoadedTable> {
    return loadTable(this.io, staged.newMetadataLocation);
  }

  /** One file for each partition that the rows are of. */
  files(rows: readonly Row[], spec: PartitionSpec): readonly DataFile[] {
    const groups = new Map<string, Row[]>();
    for (const row of rows) {
      const key = partitionKey(this.#describe([row], spec, ''), spec);
      groups.set(key, [...(groups.get(key) ?? []), row]);
    }
    return [...groups.values()].map((group) => {
      const file = this.#describe(group, spec, this.#path('data', 'parquet'));
      this.#rows.set(file.filePath, group);
      return file;
    });
  }

  filesFor(table: LoadedTable, rows: readonly Row[]): readonly DataFile[] {
    return this.files(rows, defaultSpec(table.metadata));
  }

  /** A position delete file (v2) of one data file. */
  positionDeletes(of: DataFile, positions: ReadonlySet<number>): DataFile {
    const file: DataFile = {
      ...this.#deleteFile(of, 'position-deletes'),
      recordCount: BigInt(positions.size),
      referencedDataFile: of.filePath,
    };
    this.#deletes.set(fileKeyOf(file), { positions: new Map([[of.filePath, positions]]) });
    return file;
  }

  /** A deletion vector (v3), several of which may be in one file. */
  vectors(positions: ReadonlyMap<DataFile, ReadonlySet<number>>): readonly DataFile[] {
    const filePath = this.#path('deletes', 'puffin');
    return [...positions].map(([of, deleted], index) => {
      const file: DataFile = {
        ...this.#deleteFile(of, 'position-deletes'),
        filePath,
        fileFormat: 'PUFFIN',
        recordCount: BigInt(deleted.size),
        referencedDataFile: of.filePath,
        contentOffset: BigInt(4 + index * 40),
        contentSizeInBytes: 40n,
      };
      this.#deletes.set(fileKeyOf(file), { positions: new Map([[of.filePath, deleted]]) });
      return file;
    });
  }

  /** Equality deletes by id, in the partition of a data file. */
  equalityDeletes(beside: Pick<DataFile, 'specId' | 'partition'>, ids: ReadonlySet<bigint>): DataFile {
    const file: DataFile = {
      ...this.#deleteFile(beside, 'equality-deletes'),
      recordCount: BigInt(ids.size),
      equalityIds: [ID],
    };
    this.#deletes.set(fileKeyOf(file), { ids });
    return file;
  }

  /** Rows of a planned file by position, those that its deletes leave. */
  live({ file, deletes }: PlannedFile): readonly (readonly [position: number, row: Row])[] {
    const contents = deletes.map((planned) => this.#deletes.get(fileKeyOf(planned.file)));
    return [...(this.#rows.get(file.filePath) ?? []).entries()].filter(
      ([position, row]) =>
        !contents.some((content) =>
          content === undefined
            ? false
            : 'ids' in content
              ? content.ids.has(row.id)
              : content.positions.get(file.filePath)?.has(position) === true,
        ),
    );
  }

  async plan(table: LoadedTable): Promise<readonly PlannedFile[]> {
    return (await planFiles({ io: this.io, metadata: table.metadata })).files;
  }

  /** All rows of the current snapshot, in order of id. */
  async scan(table: LoadedTable): Promise<readonly Row[]> {
    const planned = await this.plan(table);
    return inOrder(planned.flatMap((file) => this.live(file).map(([, row]) => row)));
  }

  rowsOf(file: DataFile): readonly Row[] {
    return this.#rows.get(file.filePath) ?? [];
  }

  /** The positions that a planned file's deletes name, of whatever kind. */
  deletedPositions(planned: PlannedFile): ReadonlySet<number> {
    const live = new Set(this.live(planned).map(([position]) => position));
    return new Set([...this.rowsOf(planned.file).keys()].filter((position) => !live.has(position)));
  }

  #path(kind: string, extension: string): string {
    return `${this.io.root}/t/data/${kind}-${String(this.#files++).padStart(5, '0')}.${extension}`;
  }

  #describe(rows: readonly Row[], spec: PartitionSpec, filePath: string): DataFile {
    const [first] = rows;
    const partition = partitionValuesOf(spec, ROW_SCHEMA, (id) =>
      id === ID ? (first?.id ?? null) : (first?.day ?? null),
    );
    const ids = rows.map((row) => row.id).sort(compareValues);
    const days = rows.flatMap((row) => row.day ?? []).sort((a, b) => a - b);
    return {
      content: 'data',
      filePath,
      fileFormat: 'PARQUET',
      specId: spec.specId,
      partition,
      recordCount: BigInt(rows.length),
      fileSizeInBytes: BigInt(rows.length * 100),
      valueCounts: new Map([
        [ID, BigInt(rows.length)],
        [DAY, BigInt(rows.length)],
      ]),
      nullValueCounts: new Map([
        [ID, 0n],
        [DAY, BigInt(rows.length - days.length)],
      ]),
      lowerBounds: new Map([...bound(ID, 'long', ids.at(0)), ...bound(DAY, 'int', days.at(0))]),
      upperBounds: new Map([...bound(ID, 'long', ids.at(-1)), ...bound(DAY, 'int', days.at(-1))]),
    };
  }

  #deleteFile(
    { specId, partition }: Pick<DataFile, 'specId' | 'partition'>,
    content: 'position-deletes' | 'equality-deletes',
  ): DataFile {
    return {
      content,
      filePath: this.#path('deletes', 'parquet'),
      fileFormat: 'PARQUET',
      specId,
      partition,
      recordCount: 0n,
      fileSizeInBytes: 40n,
    };
  }
}

function bound(id: number, type: string, value: IcebergValue | undefined): readonly [number, Uint8Array][] {
  return value === undefined ? [] : [[id, encodeValue(type, value)]];
}

/** In one order of all columns, to be compared. */
export function inOrder(rows: readonly Row[]): readonly Row[] {
  return rows.toSorted(
    (a, b) =>
      compareValues(a.id, b.id) || compareValues(a.day ?? -1, b.day ?? -1) || compareValues(a.note, b.note),
  );
}

/** Whether a row satisfies a filter over id and day, as SQL has it: nothing but IS NULL is true of a null. */
export function satisfies(row: Row, filter: Expression): boolean {
  return truth(row, filter) === true;
}

function truth(row: Row, filter: Expression): boolean | null {
  switch (filter.op) {
    case 'true':
      return true;
    case 'false':
      return false;
    case 'and':
    case 'or': {
      const ends = filter.op === 'or';
      const left = truth(row, filter.left);
      const right = truth(row, filter.right);
      if (left === ends || right === ends) return ends;
      return left === null || right === null ? null : !ends;
    }
    case 'not': {
      const child = truth(row, filter.child);
      return child === null ? null : !child;
    }
    default: {
      const value = filter.fieldId === ID ? row.id : row.day;
      if (filter.op === 'is-null') return value === null;
      if (value === null) return filter.op === 'not-null' ? false : null;
      return 'values' in filter
        ? filter.values.some((one) => compareValues(value, one) === 0) === (filter.op === 'in')
        : 'value' in filter
          ? compares(filter.op, compareValues(value, filter.value))
          : filter.op !== 'is-nan';
    }
  }
}

function compares(op: ComparisonOp, order: number): boolean {
  switch (op) {
    case 'eq':
      return order === 0;
    case 'not-eq':
      return order !== 0;
    case 'lt':
      return order < 0;
    case 'lt-eq':
      return order <= 0;
    case 'gt':
      return order > 0;
    case 'gt-eq':
      return order >= 0;
    default:
      return op === 'not-starts-with';
  }
}
