import { AppError } from '#shared/errors/app-error.ts';

/** One file that COPY … (FORMAT parquet, RETURN_STATS) wrote, as DuckDB describes it. */
export interface DuckDbFileStats {
  readonly filename: string;
  readonly rowCount: bigint;
  readonly fileSizeInBytes: bigint;
  /** Key: the quoted path of a Parquet column, e.g. '"st"."x"' or '"li"."element"'. */
  readonly columns: ReadonlyMap<string, DuckDbColumnStats>;
}

/** Values are text, as DuckDB prints them. Measured with 1.5.6; what a column has not, is absent. */
export interface DuckDbColumnStats {
  readonly columnSizeBytes?: bigint;
  /** Of finite values and infinities, not of NaN; text beyond 256 bytes is cut, and raised for `max`. */
  readonly min?: string;
  readonly max?: string;
  readonly nullCount?: bigint;
  /** With nulls; in lists and maps with one for each empty one. */
  readonly valueCount?: bigint;
  /** Only for FLOAT and DOUBLE. */
  readonly hasNan?: boolean;
  /** What DuckDB does not say: whoever counts them adds it. */
  readonly nanCount?: bigint;
}

/**
 * Reads a row of what COPY … RETURN_STATS answers, from `getRowObjects()` or `getRowObjectsJson()`.
 *
 * @throws INTERNAL when it is no such row
 */
export function parseReturnStats(row: Readonly<Record<string, unknown>>): DuckDbFileStats {
  const columns = new Map<string, DuckDbColumnStats>();
  for (const [path, stats] of mapEntries(row['column_statistics'])) columns.set(path, columnStats(stats));
  const filename = row['filename'];
  if (typeof filename !== 'string') return unexpected('filename');
  return {
    filename,
    rowCount: count(row['count']) ?? unexpected('count'),
    fileSizeInBytes: count(row['file_size_bytes']) ?? unexpected('file_size_bytes'),
    columns,
  };
}

function columnStats(stats: unknown): DuckDbColumnStats {
  const values = new Map(mapEntries(stats));
  const found: { -readonly [K in keyof DuckDbColumnStats]: DuckDbColumnStats[K] } = {};
  const size = count(values.get('column_size_bytes'));
  const nulls = count(values.get('null_count'));
  const valueCount = count(values.get('num_values'));
  const min = values.get('min');
  const max = values.get('max');
  const hasNan = values.get('has_nan');
  if (size !== undefined) found.columnSizeBytes = size;
  if (nulls !== undefined) found.nullCount = nulls;
  if (valueCount !== undefined) found.valueCount = valueCount;
  if (typeof min === 'string') found.min = min;
  if (typeof max === 'string') found.max = max;
  if (hasNan === 'true' || hasNan === 'false') found.hasNan = hasNan === 'true';
  return found;
}

/** A MAP value: `{entries: [{key, value}]}` from getRowObjects, `[{key, value}]` from getRowObjectsJson. */
function mapEntries(map: unknown): readonly (readonly [string, unknown])[] {
  const list =
    typeof map === 'object' && map !== null && 'entries' in map && !Array.isArray(map) ? map.entries : map;
  if (!Array.isArray(list)) return unexpected('column_statistics');
  return list.map((entry: unknown) => {
    const { key, value } = entry as { key: unknown; value: unknown };
    return typeof key === 'string' ? [key, value] : unexpected('column_statistics');
  });
}

function count(value: unknown): bigint | undefined {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value);
  return typeof value === 'string' && /^\d{1,20}$/.test(value) ? BigInt(value) : undefined;
}

function unexpected(column: string): never {
  throw new AppError('INTERNAL', `DuckDB's RETURN_STATS has no usable '${column}'; is it another version?`, {
    context: { column },
  });
}
