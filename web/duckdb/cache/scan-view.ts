import type { Scan, ScanFile } from '#shared/contract/plan.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { quoteIdentifier } from '#shared/sql/quoting.ts';
import { columnName, type Segment } from './column-cache.ts';

/**
 * The statement that makes a scan readable under the name that the plan's SQL uses: its files' segments one after the
 * other, in the order of the plan. A temporary view belongs to one connection, so runs don't see each other's.
 *
 * @throws AppError INTERNAL where a column is in no segment
 */
export function scanViewSql(scan: Scan, find: (url: string, fieldId: number) => Segment | undefined): string {
  return `CREATE OR REPLACE TEMPORARY VIEW ${quoteIdentifier(scan.view)} AS ${scanSelect(scan, find)}`;
}

function scanSelect(scan: Scan, find: (url: string, fieldId: number) => Segment | undefined): string {
  const files = scan.files.filter((file) => file.rows > 0);
  if (scan.columns.length === 0) {
    // Only the number of rows is asked for, and the plan knows it. A view has to have some column.
    const rows = files.reduce((sum, file) => sum + file.rows, 0);
    return `SELECT true AS "present" FROM range(${rows})`;
  }
  const parts = files.map((file) => fileSelect(scan, file, find));
  if (parts.length === 0) return `SELECT ${nulls(scan)} WHERE false`;
  return parts.join(' UNION ALL ');
}

function fileSelect(
  scan: Scan,
  file: ScanFile,
  find: (url: string, fieldId: number) => Segment | undefined,
): string {
  const tables = new Set<string>();
  const columns = scan.columns.map((column, at) => {
    const name = quoteIdentifier(column.name);
    if (!file.columns[at]) return `CAST(NULL AS ${column.sqlType}) AS ${name}`;
    const segment = find(file.url, column.fieldId);
    if (!segment) {
      throw new AppError(
        'INTERNAL',
        `The tab does not hold "${column.name}" of ${file.url}. Run the query again.`,
      );
    }
    tables.add(segment.table);
    const held = `${segment.table}.${columnName(column.fieldId)}`;
    // Another snapshot may have loaded it under a type that was widened since, or not yet.
    const same = segment.columns.get(column.fieldId) === column.sqlType;
    return `${same ? held : `CAST(${held} AS ${column.sqlType})`} AS ${name}`;
  });
  if (tables.size === 0) return `SELECT ${nulls(scan)} FROM range(${file.rows})`;
  // Segments of one file have its rows in the same order.
  const from = [...tables].map((table) => `cache.main.${table} AS ${table}`).join(' POSITIONAL JOIN ');
  return `SELECT ${columns.join(', ')} FROM ${from}`;
}

function nulls(scan: Scan): string {
  return scan.columns
    .map((column) => `CAST(NULL AS ${column.sqlType}) AS ${quoteIdentifier(column.name)}`)
    .join(', ');
}
