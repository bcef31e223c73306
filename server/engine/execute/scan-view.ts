import type { ScanColumn } from '#shared/contract/plan.ts';
import type { NameMapping } from '#shared/iceberg/files/name-mapping.ts';
import { isIntegerType } from '#shared/iceberg/files/projection.ts';
import { mayTakeFirst, opaqueSql } from '#shared/sql/opaque.ts';
import { quoteIdentifier, quoteLiteral } from '#shared/sql/quoting.ts';
import type { PositionSet } from '../../iceberg/deletes/position-set.ts';
import { plainProjection, type ColumnProjection, type FileProjection } from '../files/file-projection.ts';

/** One data file as this engine opens it. */
export interface ExecutableFile {
  /** Local path. */
  readonly path: string;
  /** The file's own path, where that one is of a copy. */
  readonly copyOf?: string;
  /** Those that are in the file, deleted ones included. */
  readonly rows: number;
  /** Rows of the file that the scan leaves out. */
  readonly deleted?: PositionSet;
  /** SQL by field id, for columns that the file may lack; see the contract's ScanFile. */
  readonly constants?: Readonly<Record<string, string>>;
  /** How the scan's columns are read from it; see prepareFiles. Where not given, as plainProjection. */
  readonly projection?: FileProjection;
}

/** One scan of a plan as this engine runs it: the plan's columns, and files that it can open. */
export interface ExecutableScan {
  readonly view: string;
  readonly columns: readonly ScanColumn[];
  readonly files: readonly ExecutableFile[];
  /** For files that give their columns no field ids. */
  readonly nameMapping?: NameMapping | null;
  /** Every file must have every column: none may read as NULL or a default. */
  readonly complete?: boolean;
  /** Name of one more column: the place of the row in its file, from 0. */
  readonly position?: string;
  /** Name of one more column: the index of the row's file in `files`. */
  readonly file?: string;
  /** More columns; one that has the name of a column of `columns` stands in its place. */
  readonly facts?: readonly RowFact[];
  /** Integers that a file has as narrower ones are given so that nothing is pushed through their casts; see mayTakeFirst. */
  readonly opaque?: boolean;
}

/** A column that is no part of a file: what is known of a file, or of a row's place in it. */
export interface RowFact {
  readonly name: string;
  /**
   * Its SQL.
   *
   * @param ofFile that of one item a file, in the order of the scan's files
   * @param held that of the column in whose place it stands; NULL where there is none
   */
  readonly sql: (ofFile: (items: readonly string[]) => string, held: string) => string;
}

/** Rows that one file may have at most: deleted rows of all files share one number range. */
const FILE_STRIDE = 2n ** 40n;

/**
 * The view that stands for a scan. Columns are found by field id, so a file that was written before a column
 * was renamed or added reads as the table is now. A scan of no columns (count(*)) needs no file: rows are known.
 *
 * @param query what the view is for
 */
export function scanViewSql(scan: ExecutableScan, query: string): string {
  const rows = scanSql({ ...scan, opaque: mayTakeFirst(query) });
  return `CREATE TEMP VIEW ${quoteIdentifier(scan.view)} AS ${rows}`;
}

/** The rows of a scan, as a query. Where files have deleted rows, it needs the table of deletedKeys. */
export function scanSql(scan: ExecutableScan): string {
  const { columns, files } = scan;
  if (columns.length === 0 && scan.facts === undefined) {
    const rows = files.reduce((sum, file) => sum + file.rows - (file.deleted?.size ?? 0), 0);
    return `SELECT NULL::INTEGER AS "_" FROM range(${rows})`;
  }
  if (files.length === 0) {
    const nulls = columns.map(({ name, sqlType }) => `CAST(NULL AS ${sqlType}) AS ${quoteIdentifier(name)}`);
    return `SELECT ${nulls.join(', ')} WHERE false`;
  }
  const partly = filesWithDeletes(scan);
  const whole = files.filter((file) => !partly.includes(file));
  let first = 0;
  const withDeletes = groupFiles(scan, partly).map((group) => {
    const sql = `${groupSql(scan, group)} WHERE ${isLeft(scan, first)}`;
    first += group.files.length;
    return sql;
  });
  return [...groupFiles(scan, whole).map((group) => groupSql(scan, group)), ...withDeletes].join(
    ' UNION ALL ',
  );
}

interface FileGroup {
  readonly projection: FileProjection;
  readonly files: ExecutableFile[];
}

/** Files that one call of read_parquet reads: mostly all of them. */
function groupFiles({ columns }: ExecutableScan, files: readonly ExecutableFile[]): readonly FileGroup[] {
  const plain = plainProjection(columns);
  const byProjection = new Map<FileProjection, FileGroup>();
  for (const file of files) {
    const projection = file.projection ?? plain;
    const group = byProjection.get(projection);
    if (group !== undefined) group.files.push(file);
    else byProjection.set(projection, { projection, files: [file] });
  }
  return [...byProjection.values()];
}

function groupSql(scan: ExecutableScan, { projection, files }: FileGroup): string {
  const { columns, position, file } = scan;
  const list = `[${files.map(({ path }) => quoteLiteral(path)).join(', ')}]`;
  const rows = files.reduce((sum, file) => sum + file.rows, 0);
  // What a path says of partitions is no column of the table's, and would hide the file's own.
  const options = ['hive_partitioning = false', `explicit_cardinality = ${rows}`];
  if (projection.byId) options.push(`schema = MAP {${idSchema(columns, projection).join(', ')}}`);
  const values = columns.map((column, index) => valueSql(scan, column, projection.columns[index]));
  const items = columns.map(({ name }, index) => `${values[index] ?? 'NULL'} AS ${quoteIdentifier(name)}`);
  if (position !== undefined) items.push(`file_row_number AS ${quoteIdentifier(position)}`);
  if (file !== undefined) items.push(`${indexSql(scan, files)} AS ${quoteIdentifier(file)}`);
  const ofFile = (values: readonly string[]): string => {
    const own = indexesOf(scan, files).map((index) => values[index] ?? 'NULL');
    return own.length === 1 ? (own[0] ?? 'NULL') : byFile(own);
  };
  for (const { name, sql } of scan.facts ?? []) {
    const at = columns.findIndex((column) => column.name === name);
    const item = `${sql(ofFile, values[at] ?? 'NULL')} AS ${quoteIdentifier(name)}`;
    if (at === -1) items.push(item);
    else items[at] = item;
  }
  return `SELECT ${items.join(', ')} FROM read_parquet(${list}, ${options.join(', ')})`;
}

function valueSql(
  { opaque }: ExecutableScan,
  { sqlType }: ScanColumn,
  way: ColumnProjection | undefined,
): string {
  if (way === undefined) return 'NULL';
  const isWidened = way.name !== null && isIntegerType(sqlType) && way.readAs !== sqlType;
  return opaque === true && isWidened ? opaqueSql(way.sql) : way.sql;
}

function idSchema(columns: readonly ScanColumn[], projection: FileProjection): readonly string[] {
  const schema = projection.columns.flatMap(({ name, readAs }, index) => {
    if (name === null) return [];
    const id = columns[index]?.fieldId ?? 0;
    return `${id}: {name: ${quoteLiteral(name)}, type: ${quoteLiteral(readAs)}, default_value: NULL}`;
  });
  // Rows are to be counted, so something has to be asked for.
  return schema.length > 0 ? schema : [`-1: {name: 'none', type: 'BOOLEAN', default_value: NULL}`];
}

function indexSql(scan: ExecutableScan, files: readonly ExecutableFile[]): string {
  return byFile(indexesOf(scan, files).map((index) => `${index}::BIGINT`));
}

/** Of each file its place in the scan. */
function indexesOf(scan: ExecutableScan, files: readonly ExecutableFile[]): readonly number[] {
  const indexes = new Map(scan.files.map((file, index) => [file, index]));
  return files.map((file) => indexes.get(file) ?? -1);
}

/** One item a file: the reader numbers the files that it was given. */
function byFile(items: readonly string[]): string {
  return `list_extract([${items.join(', ')}], file_index::BIGINT + 1)`;
}

/** In the order of scanSql, which numbers them. */
function filesWithDeletes(scan: ExecutableScan): readonly ExecutableFile[] {
  const files = scan.files.filter(({ deleted }) => deleted !== undefined && deleted.size > 0);
  return groupFiles(scan, files).flatMap((group) => group.files);
}

/**
 * NOT IN keeps the rows in the files' order, which an anti join may not.
 *
 * @param first the number of the group's first file among those with deleted rows
 */
function isLeft(scan: ExecutableScan, first: number): string {
  const key = `(file_index::BIGINT + ${first}) * ${FILE_STRIDE} + file_row_number`;
  return `${key} NOT IN (SELECT "key" FROM ${quoteIdentifier(deletedTable(scan))})`;
}

/** The temporary table that has the deleted rows of a scan, as one column of BIGINT: "key". */
export function deletedTable({ view }: ExecutableScan): string {
  return `${view} deleted`;
}

/** What the rows of deletedTable are; null where no file has deleted rows. */
export function deletedKeys(scan: ExecutableScan): Iterable<bigint> | null {
  const files = scan.columns.length === 0 ? [] : filesWithDeletes(scan);
  return files.length === 0 ? null : keysOf(files);
}

function* keysOf(files: readonly ExecutableFile[]): Generator<bigint> {
  for (const [index, { deleted }] of files.entries()) {
    const base = BigInt(index) * FILE_STRIDE;
    for (const position of deleted ?? []) yield base + BigInt(position);
  }
}
