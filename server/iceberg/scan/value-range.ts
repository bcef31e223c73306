import type { PrimitiveType } from '#shared/iceberg/types.ts';
import { compareValues, type IcebergValue } from '#shared/iceberg/values.ts';
import type { DataFile, FieldSummary } from '../manifest/data-file.ts';
import { decodeValue } from '../values/single-value.ts';
import { someOverlap, type Interval } from './intervals.ts';
import type { Predicate } from './predicate.ts';

/** What is known of the values of one column (or partition field) in one file (or manifest). */
export interface ValueRange {
  readonly mayBeNull: boolean;
  /** False: every value is null. */
  readonly mayBeValue: boolean;
  readonly mayBeNan: boolean;
  /** True: every value that is not null is NaN. */
  readonly onlyNan: boolean;
  /** Of the values that are neither null nor NaN. */
  readonly lower?: IcebergValue | undefined;
  readonly upper?: IcebergValue | undefined;
}

/** What is known of one column of a file. */
export interface ColumnMetrics {
  /** With nulls and NaNs. */
  readonly values: bigint | undefined;
  readonly nulls: bigint | undefined;
  readonly nans: bigint | undefined;
  readonly lower: Uint8Array | undefined;
  readonly upper: Uint8Array | undefined;
}

/** The range of a column in a data file, from its metrics. */
export function rangeInFile(file: DataFile, fieldId: number, type: PrimitiveType): ValueRange {
  return rangeOfMetrics(type, {
    values: file.valueCounts?.get(fieldId),
    nulls: file.nullValueCounts?.get(fieldId),
    nans: file.nanValueCounts?.get(fieldId),
    lower: file.lowerBounds?.get(fieldId),
    upper: file.upperBounds?.get(fieldId),
  });
}

export function rangeOfMetrics(type: PrimitiveType, metrics: ColumnMetrics): ValueRange {
  const { values, nulls, nans } = metrics;
  const present = values === undefined || nulls === undefined ? undefined : values - nulls;
  // Of one shape and made at once: there are as many of these as files.
  const { lower, upper } = bounds(type, metrics.lower, metrics.upper);
  return {
    mayBeNull: nulls !== 0n,
    mayBeValue: present === undefined || present > 0n,
    mayBeNan: isFloating(type) && nans !== 0n,
    onlyNan: present !== undefined && nans !== undefined && nans > 0n && nans >= present,
    lower,
    upper,
  };
}

/** The range of a partition field in a manifest, from the manifest list. */
export function rangeInSummary(summary: FieldSummary, type: PrimitiveType): ValueRange {
  const mayBeNan = isFloating(type) && summary.containsNan !== false;
  return {
    mayBeNull: summary.containsNull,
    mayBeValue: !summary.containsNull || summary.lowerBound !== undefined || mayBeNan,
    mayBeNan,
    onlyNan: false,
    ...bounds(type, summary.lowerBound, summary.upperBound),
  };
}

/** The range that is one partition value. */
export function rangeOfValue(value: IcebergValue | null): ValueRange {
  const isNan = Number.isNaN(value);
  return {
    mayBeNull: value === null,
    mayBeValue: value !== null,
    mayBeNan: isNan,
    onlyNan: isNan,
    ...(value === null || isNan ? {} : { lower: value, upper: value }),
  };
}

export function isFloating(type: PrimitiveType): boolean {
  return type === 'float' || type === 'double';
}

/** Bounds that cannot be: NaN, not of the type, or the wrong way round (some old writers order bytes as signed). */
function bounds(
  type: PrimitiveType,
  lowerBytes: Uint8Array | undefined,
  upperBytes: Uint8Array | undefined,
): Pick<ValueRange, 'lower' | 'upper'> {
  const lower = lowerBytes === undefined ? undefined : decodeValue(type, lowerBytes);
  const upper = upperBytes === undefined ? undefined : decodeValue(type, upperBytes);
  if (lower !== undefined && upper !== undefined && compareValues(lower, upper) > 0) return {};
  return {
    lower: Number.isNaN(lower) ? undefined : lower,
    upper: Number.isNaN(upper) ? undefined : upper,
  };
}

/** False only where no value in the range can satisfy the predicate, as DuckDB would evaluate it. */
export function mightMatch(predicate: Predicate, range: ValueRange): boolean {
  switch (predicate.op) {
    case 'any':
      return true;
    case 'is-null':
      return range.mayBeNull;
    case 'not-null':
      return range.mayBeValue;
    case 'is-nan':
      return range.mayBeValue && range.mayBeNan;
    case 'not-nan':
      return range.mayBeValue && !range.onlyNan;
    case 'eq':
      return range.mayBeValue && !range.onlyNan && overlaps(predicate.literal, range);
    case 'in':
      return range.mayBeValue && !range.onlyNan && someOverlap(predicate.literals, range);
    case 'lt':
      return range.mayBeValue && !range.onlyNan && !(order(range.lower, predicate.literal.high) >= 0);
    case 'lt-eq':
      return range.mayBeValue && !range.onlyNan && !(order(range.lower, predicate.literal.high) > 0);
    // NaN is above every number, so a file that may hold one may hold a row that is.
    case 'gt':
      return range.mayBeValue && (range.mayBeNan || !(order(range.upper, predicate.literal.low) <= 0));
    case 'gt-eq':
      return range.mayBeValue && (range.mayBeNan || !(order(range.upper, predicate.literal.low) < 0));
    case 'starts-with':
      return range.mayBeValue && mightStart(predicate.prefix, range);
    case 'not-starts-with':
      return range.mayBeValue && !alwaysStarts(predicate.prefix, range);
  }
}

function overlaps(literal: Interval, range: ValueRange): boolean {
  return !(order(range.lower, literal.high) > 0) && !(order(range.upper, literal.low) < 0);
}

/** NaN, which is neither below nor above, where there is no bound. */
function order(bound: IcebergValue | undefined, literal: IcebergValue): number {
  return bound === undefined ? Number.NaN : compareValues(bound, literal);
}

function mightStart(prefix: string, { lower, upper }: ValueRange): boolean {
  if (typeof upper === 'string' && compareValues(upper, prefix) < 0) return false;
  return !(typeof lower === 'string' && compareValues(lower, prefix) > 0 && !lower.startsWith(prefix));
}

function alwaysStarts(prefix: string, { lower, upper }: ValueRange): boolean {
  return (
    typeof lower === 'string' &&
    typeof upper === 'string' &&
    lower.startsWith(prefix) &&
    upper.startsWith(prefix)
  );
}
