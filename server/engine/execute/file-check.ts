import type { DuckDBConnection } from '@duckdb/node-api';
import { AppError } from '#shared/errors/app-error.ts';
import { runtimeError } from '../duckdb/runtime-error.ts';
import { readFooters, type Footer, type FooterCache } from '../files/parquet-footers.ts';
import { prepareScan } from '../files/prepare-files.ts';
import { scanSql, type ExecutableScan } from './scan-view.ts';

/**
 * Reads the footers that were not read before, and gives the scans with what they say: a file that is not the one
 * that the table's manifests speak of would read as NULLs without a word.
 *
 * @throws CORRUPT_FILE, FILE_NOT_FOUND; each names the file; see prepareScan
 */
export async function prepareFiles(
  connection: DuckDBConnection,
  scans: readonly ExecutableScan[],
  cache: FooterCache,
): Promise<readonly ExecutableScan[]> {
  const read = scans.flatMap(({ columns, files }) => (columns.length === 0 ? [] : files));
  const footers = new Map<string, Footer>();
  const unread = new Set<string>();
  for (const { path } of read) {
    const footer = cache.get(path);
    if (footer === undefined) unread.add(path);
    else footers.set(path, footer);
  }
  if (unread.size > 0) {
    const found = await readFooters(connection, [...unread], cache).catch(async (error: unknown) => {
      throw (
        (await blame(error, [...unread], async (path) => readFooters(connection, [path], cache))) ?? error
      );
    });
    for (const [path, footer] of found) {
      footers.set(path, footer);
      cache.set(path, footer);
    }
  }
  for (const { path, rows } of read) {
    const footer = footers.get(path);
    if (footer === undefined || footer.shape.fields.length === 0) throw corrupt(path, 'it has no columns');
    if (footer.rows !== rows)
      throw corrupt(path, `it has ${footer.rows} rows where the table expects ${rows}`);
  }
  const shapeOf = (path: string) => (footers.get(path) as Footer).shape;
  const prepared: ExecutableScan[] = [];
  for (const scan of scans) prepared.push(await prepareScan(connection, scan, shapeOf, cache));
  return prepared;
}

/** Finds the file that DuckDB did not name when it failed, by reading each of them again. */
export async function blameFile(
  connection: DuckDBConnection,
  error: unknown,
  scans: readonly ExecutableScan[],
): Promise<AppError | null> {
  for (const { columns, files } of scans) {
    const byPath = new Map(columns.length === 0 ? [] : files.map((file) => [file.path, file]));
    const found = await blame(error, [...byPath.keys()], async (path) => {
      const { projection } = byPath.get(path) ?? {};
      const file = { path, rows: 0, ...(projection === undefined ? {} : { projection }) };
      const sql = scanSql({ view: '', columns, files: [file] });
      // Something that the footer's statistics don't answer.
      await connection.run(`SELECT max(hash(COLUMNS(*))) FROM (${sql})`);
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

function corrupt(path: string, why: string): AppError {
  return new AppError('CORRUPT_FILE', `The file ${path} is not the table's: ${why}. Restore it.`, {
    context: { path },
  });
}
