import type { PartitionSpec } from './partition.ts';
import type { Schema } from './schema.ts';
import type { MetadataLogEntry, Snapshot, SnapshotLogEntry, SnapshotRef } from './snapshot.ts';
import type { SortOrder } from './sort-order.ts';

export type FormatVersion = 1 | 2 | 3;

/** One version of a table: what a metadata.json says, in one shape for every format version. */
export interface TableMetadata {
  readonly formatVersion: FormatVersion;
  readonly tableUuid: string;
  /** Base location, without a final slash. */
  readonly location: string;
  readonly lastSequenceNumber: bigint;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly lastUpdatedMs: number;
  readonly lastColumnId: number;
  readonly schemas: readonly Schema[];
  readonly currentSchemaId: number;
  readonly partitionSpecs: readonly PartitionSpec[];
  readonly defaultSpecId: number;
  readonly lastPartitionId: number;
  readonly sortOrders: readonly SortOrder[];
  readonly defaultSortOrderId: number;
  readonly properties: Readonly<Record<string, string>>;
  /** Absent while the table has no snapshot. */
  readonly currentSnapshotId?: bigint;
  /** Oldest first. */
  readonly snapshots: readonly Snapshot[];
  readonly snapshotLog: readonly SnapshotLogEntry[];
  readonly metadataLog: readonly MetadataLogEntry[];
  /** Has `main` where there is a current snapshot. */
  readonly refs: Readonly<Record<string, SnapshotRef>>;
  /** Statistics (Puffin) files, partition statistics and keys: kept as the JSON they are. */
  readonly statistics: readonly StatisticsFile[];
  readonly partitionStatistics: readonly StatisticsFile[];
  readonly encryptionKeys?: readonly EncryptionKey[];
  /** Row lineage (v3). */
  readonly nextRowId?: bigint;
}

/** A statistics file of one snapshot; `json` is its whole entry. */
export interface StatisticsFile {
  readonly snapshotId: bigint;
  readonly json: Readonly<Record<string, unknown>>;
}

/** An entry of the table's encryption keys (v3), kept as the JSON it is; it has a `key-id`. */
export type EncryptionKey = Readonly<Record<string, unknown>>;
