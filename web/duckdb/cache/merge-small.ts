import type { EngineConnection } from '../engine/connection.ts';
import { columnName, PART_COLUMN, type ColumnCache, type Segment } from './column-cache.ts';
import { POSITION_ID } from './needs.ts';

/** A table takes 256 KiB a column at least: what is smaller than this shares one. */
const SMALL_ROWS = 30_000;
/** Fewer are not worth the work. */
const MIN_FILES = 8;
/** More hold up the engine for longer than a person should wait. */
const MAX_FILES = 128;

/** Small files, as many as one table takes, whose columns are held alike; null where there are too few. */
export function smallFiles(cache: Pick<ColumnCache, 'idle'>): readonly Segment[] | null {
  const alike = new Map<string, Segment[]>();
  for (const segment of cache.idle()) {
    const columns = [...segment.columns].filter(([, column]) => column !== null);
    // Positions of deleted rows are few to a file, and are read file by file.
    if (segment.part || segment.rows > SMALL_ROWS || columns.length === 0 || segment.columns.has(POSITION_ID))
      continue;
    // With the files' own types: a cast to a narrower one that some files fit has to fit all rows of a table, since
    // DuckDB may compute it before it leaves out other files' rows.
    const shape = JSON.stringify(columns);
    const others = alike.get(shape);
    if (others) others.push(segment);
    else alike.set(shape, [segment]);
  }
  for (const segments of alike.values()) {
    // By file, so that other columns of the same files come to lie in the same order.
    if (segments.length >= MIN_FILES)
      return segments.toSorted((a, b) => (a.file < b.file ? -1 : 1)).slice(0, MAX_FILES);
  }
  return null;
}

/** Copies segments into one new table, and reads them from there. The tables to drop. */
export async function mergeSmall(
  connection: Pick<EngineConnection, 'run'>,
  cache: ColumnCache,
  segments: readonly Segment[],
  table: string,
): Promise<readonly Segment[]> {
  const ids = [...(segments[0]?.columns ?? [])].flatMap(([id, column]) => (column === null ? [] : [id]));
  const list = ids.map(columnName).join(', ');
  const rows = segments.map(
    (segment, number) =>
      `SELECT ${number}::INTEGER AS ${PART_COLUMN}, ${list} FROM cache.main.${segment.table}`,
  );
  await connection.run(`CREATE TABLE cache.main.${table} AS ${rows.join(' UNION ALL ')}`);
  const layout = segments.map(({ file, rows: count }) => `${file} ${count}`).join('\n');
  let start = 0;
  return cache.replace(
    segments.map((before, number) => {
      const part = { number, start, files: segments.length, layout };
      start += before.rows;
      return { before, now: { ...before, table, part } };
    }),
  );
}
