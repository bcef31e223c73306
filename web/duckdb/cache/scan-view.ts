import type { RowGroups, Scan, ScanColumn, ScanFile } from '#shared/contract/plan.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { initialDefaultSql } from '#shared/iceberg/files/default-sql.ts';
import { isIntegerType, projectedSql, projectFile } from '#shared/iceberg/files/projection.ts';
import { mayTakeFirst, opaqueSql } from '#shared/sql/opaque.ts';
import { quoteIdentifier } from '#shared/sql/quoting.ts';
import {
  columnName,
  PART_COLUMN,
  type FindSegment,
  type HeldColumn,
  type Segment,
  type TablePart,
} from './column-cache.ts';
import { fileKey, hasValues, partKey, POSITION_ID } from './needs.ts';
import { positionInFile } from './position-in-file.ts';

/** What to read in place of a table, under its name; undefined for what is read as it is. */
export type SourceOf = (table: string) => string | undefined;

interface ScanReading {
  readonly source?: SourceOf;
  /** What the view is for. */
  readonly query?: string;
}

/**
 * The statement that makes a scan readable under the name that the plan's SQL uses: its files' segments one after the
 * other, in the order of the plan. A temporary view belongs to one connection, so runs don't see each other's.
 *
 * @param find among what the run holds: it says whether a file's part is read or, where that is there, all of it
 * @throws AppError INTERNAL where a column is in no segment
 */
export function scanViewSql(scan: Scan, find: FindSegment, reading: ScanReading = {}): string {
  return `CREATE OR REPLACE TEMPORARY VIEW ${quoteIdentifier(scan.view)} AS ${scanSelect(scan, find, reading)}`;
}

function scanSelect(
  scan: Scan,
  find: FindSegment,
  { source = () => undefined, query = '' }: ScanReading,
): string {
  const opaque = mayTakeFirst(query);
  const files = scan.files.filter((file) => file.rows > 0);
  if (scan.columns.length === 0) {
    // Only the number of rows is asked for, and the plan knows it. A view has to have some column.
    const rows = files.reduce((sum, file) => sum + (file.deletes ? 0 : file.rows), 0);
    const partly = files.filter((file) => file.deletes).map((file) => noColumns(file, find));
    return [`range(${rows})`, ...partly]
      .map((from) => `SELECT true AS "present" FROM ${from}`)
      .join(' UNION ALL ');
  }
  if (files.length === 0) return `SELECT ${nulls(scan)} WHERE false`;
  const selects = new Map<string, { readonly table: string; readonly parts: TablePart[] }>();
  for (const file of files) {
    const { columns, segments, groups } = fileSource(scan, file, find, opaque);
    const shared = file.deletes ? null : sharedTables(segments);
    const from = shared?.map(({ table }) => aliased(table)).join(' POSITIONAL JOIN ');
    const select = `SELECT ${columns} FROM ${from ?? ownRows(file, segments, groups, find, source)}`;
    const [first] = shared ?? [];
    const one = selects.get(select);
    if (!first?.part || !shared)
      selects.set(`${select}${' '.repeat(selects.size)}`, { table: '', parts: [] });
    else if (one) one.parts.push(first.part);
    else selects.set(select, { table: first.table, parts: [first.part] });
  }
  return [...selects]
    .map(([select, { table, parts }]) => `${select}${ofParts(table, parts)}`)
    .join(' UNION ALL ');
}

/** The segments, where each is a part of a table, and these tables have the same rows; else null. */
function sharedTables(segments: readonly Segment[]): readonly Segment[] | null {
  const [first] = segments;
  const layout = first?.part?.layout;
  return layout !== undefined && segments.every(({ part }) => part?.layout === layout) ? segments : null;
}

/** Nothing where all of a table's files are read. */
function ofParts(table: string, parts: readonly TablePart[]): string {
  const numbers = [...new Set(parts.map(({ number }) => number))].toSorted((a, b) => a - b);
  if (numbers.length === 0 || numbers.length === parts[0]?.files) return '';
  const ranges: [number, number][] = [];
  for (const number of numbers) {
    const last = ranges.at(-1);
    if (last && last[1] === number - 1) last[1] = number;
    else ranges.push([number, number]);
  }
  const column = `${table}.${PART_COLUMN}`;
  return ` WHERE ${ranges.map(([from, to]) => `${column} BETWEEN ${from} AND ${to}`).join(' OR ')}`;
}

function aliased(table: string): string {
  return `cache.main.${table} AS ${table}`;
}

/** The columns of a file as SQL, and what they are read from. */
function fileSource(
  scan: Scan,
  file: ScanFile,
  find: FindSegment,
  opaque: boolean,
): {
  readonly columns: string;
  readonly segments: readonly Segment[];
  /** Of which the segments have the rows; null for all of the file's. */
  readonly groups: RowGroups | null;
} {
  const segments = new Map<string, Segment>();
  const whole = fileKey(scan, file);
  const isRead = (column: ScanColumn, at: number) => Boolean(file.columns[at]) && hasValues(column);
  // All columns in the same rows: of the whole file, or of the part of it.
  const isWhole = scan.columns.every((each, at) => !isRead(each, at) || find(whole, each.fieldId));
  const groups = isWhole ? null : (file.groups ?? null);
  const key = groups ? partKey(whole, groups) : whole;
  const columns = scan.columns.map((column, at) => {
    const segment = isRead(column, at) ? find(key, column.fieldId) : null;
    if (segment === undefined) {
      throw new AppError(
        'INTERNAL',
        `The tab does not hold "${column.name}" of ${file.url}. Run the query again.`,
      );
    }
    const held = segment?.columns.get(column.fieldId);
    if (segment && held) segments.set(segment.table, segment);
    const value = segment && held ? valueSql(column, segment, held, opaque) : missingSql(column, file);
    return `${value} AS ${quoteIdentifier(column.name)}`;
  });
  return { columns: columns.join(', '), segments: [...segments.values()], groups };
}

/** A file's own rows. Segments of one file have them in the same order. */
function ownRows(
  file: ScanFile,
  segments: readonly Segment[],
  groups: RowGroups | null,
  find: FindSegment,
  source: SourceOf,
): string {
  const [first] = segments;
  // More rows than a part of the file has: those that are not in it can't matter.
  if (!first) return noColumns(file, find);
  const from = segments.map(({ table, part }) =>
    part
      ? `(SELECT *, rowid - ${part.start} AS position FROM cache.main.${table} WHERE ${PART_COLUMN} = ${part.number}) AS ${table}`
      : (source(table) ?? aliased(table)),
  );
  const position = positionInFile(groups, `${first.table}.${first.part ? 'position' : 'rowid'}`);
  return `${from.join(' POSITIONAL JOIN ')}${withoutDeleted(file, position, find)}`;
}

/** As many rows as a file has, of which no column is read. */
function noColumns(file: ScanFile, find: FindSegment): string {
  return `range(${file.rows}) AS rows(position)${withoutDeleted(file, 'rows.position', find)}`;
}

/** NOT IN keeps the rows in the file's order, which an anti join may not. */
function withoutDeleted({ deletes, url }: ScanFile, position: string, find: FindSegment): string {
  if (!deletes) return '';
  const segment = find(deletes.id, POSITION_ID);
  if (!segment) {
    throw new AppError(
      'INTERNAL',
      `The tab does not hold which rows of ${url} are deleted. Run the query again.`,
    );
  }
  return ` WHERE ${position} NOT IN (SELECT ${columnName(POSITION_ID)} FROM cache.main.${segment.table})`;
}

/** @param opaque whether nothing may be pushed through casts of integers; see mayTakeFirst */
function valueSql(column: ScanColumn, { table }: Segment, held: HeldColumn, opaque: boolean): string {
  const value = `${table}.${columnName(column.fieldId)}`;
  // Another snapshot may have loaded it under a type that was changed since, or not yet.
  const projection = projectFile(held.shape, column.type);
  if (projection.kind === 'unfit') {
    throw new AppError(
      'CORRUPT_FILE',
      `The column "${column.name}" is ${projection.found} in a file where the table has ${column.sqlType}.`,
    );
  }
  if (projection.kind === 'cast' && held.sqlType === column.sqlType) return value;
  const projected = projectedSql(projection, value, column.type);
  return opaque && isIntegerType(column.sqlType) ? opaqueSql(projected) : projected;
}

/** What rows have of a column that their file lacks. */
function missingSql(column: ScanColumn, file: ScanFile): string {
  return file.constants?.[column.fieldId] ?? initialDefaultSql(column);
}

function nulls(scan: Scan): string {
  return scan.columns
    .map((column) => `CAST(NULL AS ${column.sqlType}) AS ${quoteIdentifier(column.name)}`)
    .join(', ');
}
