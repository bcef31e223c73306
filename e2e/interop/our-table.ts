import type { Expression } from '#shared/iceberg/expression.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import type { TableChange } from '#shared/iceberg/table-update.ts';

/** A filter in our terms and in PyIceberg's. */
export interface FilterCase {
  readonly theirs: string;
  readonly ours: Expression;
  /**
   * Ours may keep more files: NaN is above every number in DuckDB's SQL, and equal to nothing in PyIceberg's.
   */
  readonly mayKeepMore?: boolean;
}

/** What we do to a table. `where` and `rows` are DuckDB's SQL. */
export type Step =
  | { readonly append: string; readonly fast?: boolean }
  /** Rows of one partition or more, in the place of those that the partitions had. */
  | { readonly replacePartitions: string; readonly where: string }
  | {
      readonly deleteWhere: string;
      readonly by: 'positions' | 'vectors' | 'copies';
    }
  /** Rows that equal those of the query. */
  | { readonly deleteEqual: string; readonly columns: readonly string[]; readonly where: string }
  /** Whole files, by metadata alone. */
  | { readonly deleteFiles: FilterOf; readonly where: string }
  /** A change of metadata; `model` says it for the table of expected rows. */
  | { readonly change: (metadata: TableMetadata) => TableChange; readonly model?: readonly string[] }
  | { readonly maintain: 'manifests' | 'compact' };

type FilterOf = (id: (column: string) => number) => Expression;

export type EngineName = 'PyIceberg' | 'DuckDB' | 'Spark';

export interface OurTable {
  readonly name: string;
  readonly formatVersion?: 1 | 2 | 3;
  readonly properties?: Readonly<Record<string, string>>;
  readonly partitionBy?: readonly { readonly source: string; readonly transform: string }[];
  readonly sortBy?: readonly string[];
  /** The first appends: its columns become the table's. */
  readonly steps: readonly Step[];
  readonly filters?: (id: (column: string) => number) => readonly FilterCase[];
  /** Engines that don't know such tables, by what they say of them: should one learn it, the check says so. */
  readonly unknownTo?: Readonly<Partial<Record<EngineName, RegExp>>>;
  /** It has types that Spark lacks, so Iceberg's Java library reads it without Spark. */
  readonly byJava?: boolean;
  /** Spark's SQL ({t} is the table) that goes on from what we wrote; we read what comes of it. */
  readonly sparkGoesOn?: readonly string[];
}
