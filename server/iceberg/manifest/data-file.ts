import type { Relocation } from '#shared/iceberg/snapshot.ts';
import type { IcebergValue } from '#shared/iceberg/values.ts';

export type FileContent = 'data' | 'position-deletes' | 'equality-deletes';
export type FileFormat = 'PARQUET' | 'AVRO' | 'ORC' | 'PUFFIN';

/** Partition values by partition field id; null where the value is null. */
export type PartitionValues = ReadonlyMap<number, IcebergValue | null>;

/** Something known of columns, by field id. */
export type ByFieldId<T> = ReadonlyMap<number, T>;

/** A file of a table as manifests describe it. Counts and sizes that are not known are absent, never guessed. */
export interface DataFile {
  readonly content: FileContent;
  readonly filePath: string;
  readonly fileFormat: FileFormat;
  /** Spec that `partition` is of. */
  readonly specId: number;
  readonly partition: PartitionValues;
  readonly recordCount: bigint;
  readonly fileSizeInBytes: bigint;
  /** Compressed bytes of each column in the file. */
  readonly columnSizes?: ByFieldId<bigint>;
  /** Values with nulls and NaNs. */
  readonly valueCounts?: ByFieldId<bigint>;
  readonly nullValueCounts?: ByFieldId<bigint>;
  readonly nanValueCounts?: ByFieldId<bigint>;
  /** Single-value binary form (decodeValue); not above any value but nulls and NaNs. */
  readonly lowerBounds?: ByFieldId<Uint8Array>;
  /** Single-value binary form; not below any value but nulls and NaNs. Text and bytes may be cut short. */
  readonly upperBounds?: ByFieldId<Uint8Array>;
  readonly keyMetadata?: Uint8Array;
  /** Byte offsets at which row groups start. */
  readonly splitOffsets?: readonly bigint[];
  readonly equalityIds?: readonly number[];
  readonly sortOrderId?: number;
  /** v3: row lineage, and where a deletion vector is. */
  readonly firstRowId?: bigint;
  readonly referencedDataFile?: string;
  readonly contentOffset?: bigint;
  readonly contentSizeInBytes?: bigint;
  /** Of a position delete file of a table that was moved: where the data files are now that it names. */
  readonly relocation?: Relocation;
}

export type EntryStatus = 'existing' | 'added' | 'deleted';

/** A file in a manifest, with what it inherits from the manifest filled in. */
export interface ManifestEntry {
  readonly status: EntryStatus;
  readonly snapshotId: bigint;
  /** Data sequence number: deletes with a higher one apply to the file. */
  readonly sequenceNumber: bigint;
  readonly fileSequenceNumber: bigint;
  readonly dataFile: DataFile;
}

/** A manifest as a manifest list describes it. */
export interface ManifestFile {
  readonly manifestPath: string;
  readonly manifestLength: bigint;
  readonly partitionSpecId: number;
  readonly content: 'data' | 'deletes';
  readonly sequenceNumber: bigint;
  readonly minSequenceNumber: bigint;
  readonly addedSnapshotId: bigint;
  /** Absent in old v1 lists. */
  readonly addedFilesCount?: number;
  readonly existingFilesCount?: number;
  readonly deletedFilesCount?: number;
  readonly addedRowsCount?: bigint;
  readonly existingRowsCount?: bigint;
  readonly deletedRowsCount?: bigint;
  /** One for each field of the spec, in its order. */
  readonly partitions?: readonly FieldSummary[];
  readonly keyMetadata?: Uint8Array;
  readonly firstRowId?: bigint;
  /** Where the files are now that it names, for a table that was moved. */
  readonly relocation?: Relocation;
}

/** What the values of one partition field in a manifest are, over all its files. */
export interface FieldSummary {
  readonly containsNull: boolean;
  readonly containsNan?: boolean;
  readonly lowerBound?: Uint8Array;
  readonly upperBound?: Uint8Array;
}
