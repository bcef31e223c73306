/** A table of the suite as SQL that plain DuckDB runs: the rows are the same however often it runs. */
export interface Seed {
  readonly name: string;
  /** One data file each. */
  readonly files: readonly string[];
  /** The column each of whose files holds one value only: the table is partitioned by it. */
  readonly partitionedBy?: string;
  /** Rows that are deleted after they were written. */
  readonly deleted?: {
    readonly where: string;
    /** As position deletes, or as equality deletes by these columns. */
    readonly by: 'position' | readonly string[];
  };
}

/** Splits the rows of a query into files by the remainder of their number. */
export function inFiles(count: number, query: (where: string) => string): readonly string[] {
  return Array.from({ length: count }, (_, at) => query(`i % ${count} = ${at}`));
}
