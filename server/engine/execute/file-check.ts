import type { DuckDBConnection } from '@duckdb/node-api';
import type { LRUCache } from 'lru-cache';
import { AppError } from '#shared/errors/app-error.ts';
import { quoteLiteral } from '#shared/sql/quoting.ts';
import { runtimeError } from '../duckdb/runtime-error.ts';
import { scanSql, type ExecutableScan } from './scan-view.ts';

/** Paths that have been checked. Data files never change, so once is enough. */
export type CheckedFiles = LRUCache<string, true>;

/**
 * Looks at the footers of files that were not looked at before: a file that is not the one that the table's
 * manifests speak of would read as NULLs without a word.
 *
 * @throws CORRUPT_FILE, FILE_NOT_FOUND; each names the file
 */
export async function checkFiles(
  connection: DuckDBConnection,
  scans: readonly ExecutableScan[],
  checked: CheckedFiles,
): Promise<void> {
  const rows = new Map<string, number>();
  for (const { columns, files } of scans)
    for (const file of columns.length === 0 ? [] : files)
      if (!checked.has(file.path)) rows.set(file.path, file.rows);
  if (rows.size === 0) return;

  const found = await readFooters(connection, [...rows.keys()]).catch(async (error: unknown) => {
    throw (await blame(error, [...rows.keys()], async (path) => readFooters(connection, [path]))) ?? error;
  });
  for (const [path, expected] of rows) {
    const footer = found.get(path);
    if (footer === undefined || footer.fieldIds === 0)
      throw corrupt(path, 'its columns have no Iceberg field ids, so it was not written for this table');
    if (footer.rows !== expected)
      throw corrupt(path, `it has ${footer.rows} rows where the table expects ${expected}`);
    checked.set(path, true);
  }
}

/** Finds the file that DuckDB did not name when it failed, by reading each of them again. */
export async function blameFile(
  connection: DuckDBConnection,
  error: unknown,
  scans: readonly ExecutableScan[],
): Promise<AppError | null> {
  for (const { columns, files } of scans) {
    const paths = columns.length === 0 ? [] : files.map((file) => file.path);
    const found = await blame(error, paths, async (path) => {
      const sql = scanSql(columns, [{ path, rows: 0 }]);
      await connection.run(`SELECT count(COLUMNS(*)) FROM (${sql})`);
    });
    if (found !== null) return found;
  }
  return null;
}

async function blame(
  error: unknown,
  paths: readonly string[],
  read: (path: string) => Promise<unknown>,
): Promise<AppError | null> {
  const known = runtimeError(error);
  if (known.code !== 'CORRUPT_FILE') return known.code === 'FILE_NOT_FOUND' ? known : null;
  if (typeof known.context['path'] === 'string') return known;
  for (const path of paths) {
    try {
      await read(path);
    } catch (cause) {
      return new AppError('CORRUPT_FILE', `The file ${path} is damaged and can't be read; restore it.`, {
        context: { path },
        cause,
      });
    }
  }
  return null;
}

async function readFooters(
  connection: DuckDBConnection,
  paths: readonly string[],
): Promise<ReadonlyMap<string, { readonly rows: number; readonly fieldIds: number }>> {
  const list = `[${paths.map(quoteLiteral).join(', ')}]`;
  const result = await connection.run(
    `SELECT file_name, num_rows::DOUBLE, fields::DOUBLE FROM parquet_file_metadata(${list})
     JOIN (SELECT file_name, count(field_id) AS fields FROM parquet_schema(${list}) GROUP BY file_name) USING (file_name)`,
  );
  const rows = await result.getRows();
  return new Map(
    rows.map(([path, rows, fieldIds]) => [
      path as string,
      { rows: Number(rows), fieldIds: Number(fieldIds) },
    ]),
  );
}

function corrupt(path: string, why: string): AppError {
  return new AppError('CORRUPT_FILE', `The file ${path} is not the table's: ${why}. Restore it.`, {
    context: { path },
  });
}
