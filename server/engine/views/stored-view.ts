import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';

/** A table that a materialized view's rows were made of, as it was then. */
export interface ViewSource {
  /** Dotted. */
  readonly name: string;
  readonly uuid: string;
  /** Absent: it had no snapshot yet. */
  readonly snapshotId?: string;
  readonly schemaId: number;
}

/** A materialized view whose rows are those of its query over its tables as `sources` has them. */
export interface StoredView {
  /** Dotted name, for people. */
  readonly name: string;
  readonly key: readonly string[];
  /** Of the table that has its rows. */
  readonly metadata: TableMetadata;
  /** The query. */
  readonly sql: string;
  readonly sources: readonly ViewSource[];
}

/** The materialized views of tables at a commit of the catalog. */
export type StoredViews = (commit: string) => Promise<readonly StoredView[]>;
