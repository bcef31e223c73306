export type SnapshotOperation = 'append' | 'replace' | 'overwrite' | 'delete';

/** `operation` and the counts of what changed and of what there is then, all text, as the spec has it. */
export type SnapshotSummary = Readonly<Record<string, string>> & { readonly operation: SnapshotOperation };

export interface Snapshot {
  readonly snapshotId: bigint;
  readonly parentSnapshotId?: bigint;
  /** 0 in tables of format version 1. */
  readonly sequenceNumber: bigint;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly timestampMs: number;
  readonly summary: SnapshotSummary;
  /** Location of the manifest list; absent in old v1 tables, which list `manifests` instead. */
  readonly manifestList?: string;
  readonly manifests?: readonly string[];
  readonly schemaId?: number;
  /** Row lineage (v3). */
  readonly firstRowId?: bigint;
  readonly addedRows?: bigint;
  readonly keyId?: string;
  /** Not in the metadata: where the files are now that this snapshot names, for a table that was moved. */
  readonly relocation?: Relocation;
}

/** What lay below one prefix lies below another now. */
export interface PathRule {
  readonly from: string;
  readonly to: string;
}

/** At least one rule. */
export type Relocation = readonly PathRule[];

export interface SnapshotLogEntry {
  readonly snapshotId: bigint;
  readonly timestampMs: number;
}

export interface MetadataLogEntry {
  readonly metadataFile: string;
  readonly timestampMs: number;
}

/** A named pointer inside one table; the product's own branches are the catalog's, not these. */
export interface SnapshotRef {
  readonly snapshotId: bigint;
  readonly type: 'branch' | 'tag';
  readonly minSnapshotsToKeep?: number;
  readonly maxSnapshotAgeMs?: number;
  readonly maxRefAgeMs?: number;
}
