import { AppError } from '#shared/errors/app-error.ts';
import { UNPARTITIONED, type PartitionSpec } from '#shared/iceberg/partition.ts';
import { walkFields, type LocatedField, type Schema } from '#shared/iceberg/schema.ts';
import { isPrimitive, type PrimitiveType } from '#shared/iceberg/types.ts';
import { compareValues, type IcebergValue } from '#shared/iceberg/values.ts';
import { present } from '#shared/util/present.ts';
import type { DataFile, PartitionValues } from '../manifest/data-file.ts';
import { outwardZero } from '../manifest/partition-summary.ts';
import { parseValueText } from '../values/parse-text.ts';
import { encodeValue } from '../values/single-value.ts';
import { bytesUpperBound, textPrefix, textUpperBound } from '../values/truncate.ts';
import { DEFAULT_METRICS, type MetricsModes } from './metrics-modes.ts';
import type { DuckDbColumnStats, DuckDbFileStats } from './duckdb-stats.ts';

export interface DataFileInput {
  /** Where the file is in the table, not where DuckDB wrote it. */
  readonly filePath: string;
  readonly stats: DuckDbFileStats;
  /** What the file was written with: its column names are the Parquet file's. */
  readonly schema: Schema;
  /** Unpartitioned where not given. */
  readonly spec?: PartitionSpec;
  /** Values of the spec's fields. */
  readonly partition?: PartitionValues;
  readonly sortOrderId?: number;
  /** What of the statistics is kept (metricsModes of the table); DEFAULT_METRICS where not given. */
  readonly metrics?: MetricsModes;
  /** Where the row groups begin in the file, in bytes. */
  readonly splitOffsets?: readonly bigint[];
}

/**
 * Describes a Parquet file that DuckDB has just written: sizes, counts and bounds by field id. What DuckDB
 * does not know (bounds of long texts, how many NaNs there are, unless they were counted) is left out, never guessed.
 *
 * @throws SCHEMA_MISMATCH when the file has a column that the schema has not
 */
export function dataFileFromDuckDbStats(input: DataFileInput): DataFile {
  const { stats, schema, metrics = DEFAULT_METRICS } = input;
  const columns = locate(schema);
  const variants = [...columns].filter(([, { field }]) => field.type === 'variant');
  const columnSizes = new Map<number, bigint>();
  const valueCounts = new Map<number, bigint>();
  const nullValueCounts = new Map<number, bigint>();
  const nanValueCounts = new Map<number, bigint>();
  const lowerBounds = new Map<number, Uint8Array>();
  const upperBounds = new Map<number, Uint8Array>();

  for (const [path, column] of stats.columns) {
    const located = columns.get(path) ?? columns.get(path.toLowerCase());
    if (located === undefined) {
      const [, variant] = variants.find(([outer]) => isInside(path, outer)) ?? [];
      if (variant !== undefined) {
        const { id } = variant.field;
        // Its metadata, value and shredded values are columns of the file, and one of the table.
        if (column.columnSizeBytes !== undefined)
          columnSizes.set(id, (columnSizes.get(id) ?? 0n) + column.columnSizeBytes);
        continue;
      }
      throw new AppError(
        'SCHEMA_MISMATCH',
        `The file ${input.filePath} has a column ${path} that the table has not.`,
        {
          context: { file: input.filePath, column: path },
        },
      );
    }
    const { field, repeated } = located;
    if (column.columnSizeBytes !== undefined) columnSizes.set(field.id, column.columnSizeBytes);
    // Inside lists and maps there is no one value a row, and readers prune rows by these.
    if (repeated || !isPrimitive(field.type)) continue;
    const mode = metrics(field.id);
    if (mode.kind === 'none') continue;
    if (column.valueCount !== undefined) valueCounts.set(field.id, column.valueCount);
    if (column.nullCount !== undefined) nullValueCounts.set(field.id, column.nullCount);
    const nans = column.nanCount ?? (column.hasNan === false ? 0n : undefined);
    if (nans !== undefined) nanValueCounts.set(field.id, nans);
    if (mode.kind === 'counts') continue;
    const width = mode.kind === 'truncate' ? mode.width : Number.POSITIVE_INFINITY;
    const { lower, upper } = boundsOf(field.type, column, width);
    if (lower !== null) lowerBounds.set(field.id, encodeValue(field.type, lower));
    if (upper !== null) upperBounds.set(field.id, encodeValue(field.type, upper));
  }

  const spec = input.spec ?? UNPARTITIONED;
  return present({
    content: 'data' as const,
    filePath: input.filePath,
    fileFormat: 'PARQUET' as const,
    specId: spec.specId,
    partition: input.partition ?? new Map<number, IcebergValue | null>(),
    recordCount: stats.rowCount,
    fileSizeInBytes: stats.fileSizeInBytes,
    columnSizes,
    valueCounts,
    nullValueCounts,
    nanValueCounts,
    lowerBounds,
    upperBounds,
    splitOffsets: input.splitOffsets,
    sortOrderId: input.sortOrderId,
  });
}

/** By quoted path, and by the same in lower case: DuckDB does not tell names apart by case. */
function locate(schema: Schema): ReadonlyMap<string, LocatedField> {
  const exact = new Map<string, LocatedField>();
  const folded = new Map<string, LocatedField>();
  for (const located of walkFields(schema)) {
    const path = located.path.map((name) => `"${name.replaceAll('"', '""')}"`).join('.');
    exact.set(path, located);
    folded.set(path.toLowerCase(), located);
  }
  return new Map([...folded, ...exact]);
}

/** Both are quoted paths; names are not told apart by case. */
function isInside(path: string, outer: string): boolean {
  return path.toLowerCase().startsWith(`${outer.toLowerCase()}.`);
}

function boundsOf(
  type: PrimitiveType,
  column: DuckDbColumnStats,
  width: number,
): { lower: IcebergValue | null; upper: IcebergValue | null } {
  const min = column.min === undefined ? null : parseValueText(type, column.min);
  const max = column.max === undefined ? null : parseValueText(type, column.max);
  // Of a column that is all NaN there are no bounds, whatever is said.
  if (min !== null && max !== null && compareValues(min, max) > 0) return { lower: null, upper: null };
  return {
    lower: min === null ? null : shortLower(type, min, width),
    upper: max === null ? null : shortUpper(type, max, width),
  };
}

function shortLower(type: PrimitiveType, value: IcebergValue, width: number): IcebergValue {
  if (type === 'string' && typeof value === 'string') return textPrefix(value, width);
  if (type === 'binary' && value instanceof Uint8Array) return value.slice(0, width);
  return outwardZero(type, value, -0);
}

function shortUpper(type: PrimitiveType, value: IcebergValue, width: number): IcebergValue | null {
  if (type === 'string' && typeof value === 'string') return textUpperBound(value, width);
  if (type === 'binary' && value instanceof Uint8Array) return bytesUpperBound(value, width);
  return outwardZero(type, value, 0);
}
