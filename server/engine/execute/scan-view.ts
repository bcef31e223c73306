import type { ScanColumn } from '#shared/contract/plan.ts';
import { quoteIdentifier, quoteLiteral } from '#shared/sql/quoting.ts';

/** One scan of a plan as this engine runs it: the plan's columns, and files that it can open. */
export interface ExecutableScan {
  readonly view: string;
  readonly columns: readonly ScanColumn[];
  /** Local paths of Parquet files, and how many rows they have. */
  readonly files: readonly { readonly path: string; readonly rows: number }[];
}

/**
 * The view that stands for a scan. Columns are found by field id, so a file that was written before a column
 * was renamed or added reads as the table is now. A scan of no columns (count(*)) needs no file: rows are known.
 */
export function scanViewSql({ view, columns, files }: ExecutableScan): string {
  return `CREATE TEMP VIEW ${quoteIdentifier(view)} AS ${scanSql(columns, files)}`;
}

/** The rows of a scan, as a query. */
export function scanSql(columns: ExecutableScan['columns'], files: ExecutableScan['files']): string {
  if (columns.length === 0) {
    const rows = files.reduce((sum, file) => sum + file.rows, 0);
    return `SELECT NULL::INTEGER AS "_" FROM range(${rows})`;
  }
  if (files.length === 0) {
    const nulls = columns.map(({ name, sqlType }) => `CAST(NULL AS ${sqlType}) AS ${quoteIdentifier(name)}`);
    return `SELECT ${nulls.join(', ')} WHERE false`;
  }
  const schema = columns.map(
    ({ fieldId, name, sqlType }) =>
      `${fieldId}: {name: ${quoteLiteral(name)}, type: ${quoteLiteral(sqlType)}, default_value: NULL}`,
  );
  const paths = files.map(({ path }) => quoteLiteral(path));
  const names = columns.map(({ name }) => quoteIdentifier(name));
  return `SELECT ${names.join(', ')} FROM read_parquet([${paths.join(', ')}], schema = MAP {${schema.join(', ')}})`;
}
