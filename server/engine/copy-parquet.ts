import { rm } from 'node:fs/promises';
import { duckDbFieldIds } from '#shared/iceberg/duckdb-types.ts';
import { shapeOfType } from '#shared/iceberg/files/file-shape.ts';
import { projectedSql, projectFile } from '#shared/iceberg/files/projection.ts';
import { isPrimitive, type IcebergType, type NestedField } from '#shared/iceberg/types.ts';
import { quoteIdentifier, quoteLiteral } from '#shared/sql/quoting.ts';
import {
  parseReturnStats,
  type DuckDbColumnStats,
  type DuckDbFileStats,
} from '../iceberg/transaction/duckdb-stats.ts';
import { fixColumns, fixedColumnOptions, fixedLengths } from './files/fixed-columns.ts';
import { markUtc } from './files/parquet-utc.ts';
import { rowGroupOffsets } from './files/row-group-offsets.ts';

export interface CopyParquetInput {
  /** Runs a statement where files can be written; 64-bit values of its rows are text. */
  readonly run: (sql: string) => Promise<readonly Readonly<Record<string, unknown>>[]>;
  readonly fields: readonly NestedField[];
  /** What stands behind FROM, which gives each field by its name and in its type. */
  readonly from: string;
  /** Local. */
  readonly path: string;
  /** Of COPY, beside the format, field ids and statistics. None that makes several files: those mix up the rows. */
  readonly options: readonly string[];
  /** About the size in bytes of a file; what is well above becomes several. */
  readonly targetBytes?: number;
}

export interface CopiedFile {
  /** Local path. */
  readonly path: string;
  readonly stats: DuckDbFileStats;
  /** Where each row group begins in the file, in bytes: readers split large files there. */
  readonly splitOffsets: readonly bigint[];
}

const POSITION = 'file_row_number';
/** A file this much above the target is cut; a little more is not worth another file. */
const OVERSIZE = 1.25;
/** A target that is absurdly small is not followed to a file a row. */
const MAX_PARTS = 1000;

/**
 * Writes rows, in their order, as Parquet files of a table: with field ids, without what is of type unknown (spec: it is left out),
 * nanoseconds in UTC marked as that, bytes of a fixed length as such, and NaNs counted. Files without rows are not among the answer.
 *
 * @throws what `run` throws; SQL_RUNTIME for a value in a column of type unknown
 */
export async function copyParquet(input: CopyParquetInput): Promise<readonly CopiedFile[]> {
  const { run, path, from } = input;
  const fields = storedFields(input.fields);
  const lengths = fixedLengths(fields);
  const options = [
    'FORMAT parquet',
    `FIELD_IDS ${duckDbFieldIds({ fields })}`,
    'RETURN_STATS',
    ...(lengths.size > 0 ? fixedColumnOptions(input.options) : input.options),
  ];
  const given = new Map(input.fields.map((field) => [field.id, field.type]));
  const [first = '', ...others] = fields.map((field) => valueSql(field, given.get(field.id) ?? field.type));
  const stored = new Set(fields.map(({ id }) => id));
  const left = input.fields.filter(({ id }) => !stored.has(id));
  const items = [refusing(left, first), ...others].map(
    (sql, index) => `${sql} AS ${quoteIdentifier(fields[index]?.name ?? '')}`,
  );
  const copied = await run(
    `COPY (SELECT ${items.join(', ')} FROM ${from}) TO ${quoteLiteral(path)} (${options.join(', ')})`,
  );
  const whole = copied.map(parseReturnStats).filter(({ rowCount }) => rowCount > 0n);
  const files: CopiedFile[] = [];
  for (const stats of await cutLarge(input, fields, options, whole)) {
    await markUtc(stats.filename, fields);
    const size = lengths.size > 0 ? await fixColumns(stats.filename, lengths) : undefined;
    files.push({
      path: stats.filename,
      stats: {
        ...stats,
        ...(size === undefined ? {} : { fileSizeInBytes: BigInt(size) }),
        columns: await countNans(run, stats, fields),
      },
      splitOffsets: await rowGroupOffsets(stats.filename),
    });
  }
  return files;
}

/**
 * DuckDB's own FILE_SIZE_BYTES lets each thread write what it has, so that the files of sorted rows are not sorted:
 * instead what came out too large is written again in slices, of which Parquet's row groups are found without reading
 * the rest.
 */
async function cutLarge(
  { run, targetBytes = Infinity }: CopyParquetInput,
  fields: readonly NestedField[],
  options: readonly string[],
  whole: readonly DuckDbFileStats[],
): Promise<readonly DuckDbFileStats[]> {
  const files: DuckDbFileStats[] = [];
  for (const stats of whole) {
    const { filename, fileSizeInBytes, rowCount } = stats;
    // Its own column of that name is in the way of the reader's.
    const cut = fields.every(({ name }) => name.toLowerCase() !== POSITION);
    if (!cut || Number(fileSizeInBytes) <= targetBytes * OVERSIZE) {
      files.push(stats);
      continue;
    }
    const parts = BigInt(Math.min(MAX_PARTS, Math.round(Number(fileSizeInBytes) / targetBytes)));
    const size = (rowCount + parts - 1n) / parts;
    const names = fields.map(({ name }) => quoteIdentifier(name)).join(', ');
    const from = `read_parquet(${quoteLiteral(filename)}, file_row_number = true, hive_partitioning = false)`;
    for (let start = 0n; start < rowCount; start += size) {
      const copied = await run(
        `COPY (SELECT ${names} FROM ${from} WHERE ${POSITION} >= ${start} AND ${POSITION} < ${start + size}) TO ${quoteLiteral(`${filename}.${start}`)} (${options.join(', ')})`,
      );
      files.push(...copied.map(parseReturnStats));
    }
    await rm(filename);
  }
  return files;
}

/** A file has to have a column, so nothing is left out where nothing would be left. */
function storedFields(fields: readonly NestedField[]): readonly NestedField[] {
  const stored = fields.filter(({ type }) => type !== 'unknown');
  return (stored.length === 0 ? fields : stored).map((field) => ({ ...field, type: storedType(field.type) }));
}

function storedType(type: IcebergType): IcebergType {
  if (isPrimitive(type)) return type;
  switch (type.type) {
    case 'struct':
      return { ...type, fields: storedFields(type.fields) };
    case 'list':
      return { ...type, element: storedType(type.element) };
    case 'map':
      return { ...type, key: storedType(type.key), value: storedType(type.value) };
  }
}

function valueSql({ name, type }: NestedField, given: IcebergType): string {
  const value = quoteIdentifier(name);
  const projection = projectFile(shapeOfType(given), type);
  return projection.kind === 'expression' ? projectedSql(projection, value, type) : value;
}

/** A value of another column, that fails for a row which has one that would be left out of the file. */
function refusing(left: readonly NestedField[], value: string): string {
  if (left.length === 0) return value;
  const whens = left.map(({ name }) => {
    const message = `The column ${name} is of type unknown, which has no value but NULL. Change its type first.`;
    return `WHEN ${quoteIdentifier(name)} IS NOT NULL THEN error(${quoteLiteral(message)})`;
  });
  return `CASE ${whens.join(' ')} ELSE ${value} END`;
}

/** DuckDB says of a column only that it has some. */
async function countNans(
  run: CopyParquetInput['run'],
  { filename, columns }: DuckDbFileStats,
  fields: readonly NestedField[],
): Promise<DuckDbFileStats['columns']> {
  const known = new Set(outsideLists(fields).map((path) => path.toLowerCase()));
  const counted = [...columns].filter(
    ([path, { hasNan }]) => hasNan === true && known.has(path.toLowerCase()),
  );
  if (counted.length === 0) return columns;
  const counts = counted.map(([path], index) => `count(*) FILTER (WHERE isnan(${path})) AS n${index}`);
  const [row = {}] = await run(
    `SELECT ${counts.join(', ')} FROM read_parquet(${quoteLiteral(filename)}, hive_partitioning = false)`,
  );
  const withNans = new Map<string, DuckDbColumnStats>(columns);
  for (const [index, [path, column]] of counted.entries())
    withNans.set(path, { ...column, nanCount: BigInt(String(row[`n${index}`])) });
  return withNans;
}

/** The quoted paths of floating-point columns that have one value a row. */
function outsideLists(fields: readonly NestedField[]): readonly string[] {
  return fields.flatMap(({ name, type }) => {
    const path = quoteIdentifier(name);
    if (type === 'float' || type === 'double') return [path];
    if (isPrimitive(type) || type.type !== 'struct') return [];
    return outsideLists(type.fields).map((inner) => `${path}.${inner}`);
  });
}
