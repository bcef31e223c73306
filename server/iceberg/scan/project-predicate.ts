import type { Transform } from '#shared/iceberg/partition.ts';
import type { PrimitiveType } from '#shared/iceberg/types.ts';
import { compareValues, type IcebergValue } from '#shared/iceberg/values.ts';
import { applyTransform } from '../partition/transforms.ts';
import { textPrefix } from '../values/truncate.ts';
import { inOrder, type Interval } from './intervals.ts';
import type { Predicate } from './predicate.ts';

/**
 * The inclusive projection of a predicate over a column to one over its partition values: where a row
 * satisfies the first, the row's partition value satisfies the second.
 */
export function projectPredicate(
  transform: Transform,
  source: PrimitiveType,
  predicate: Predicate,
): Predicate {
  switch (transform.kind) {
    case 'identity':
      return predicate;
    case 'void':
    case 'unknown':
      return { op: 'any' };
    case 'bucket':
      return projectBucket(transform, source, predicate);
    default:
      return projectMonotonic(transform, source, predicate);
  }
}

/** A hash keeps equality and nothing else. Every transform but void is null for null only. */
function projectBucket(transform: Transform, source: PrimitiveType, predicate: Predicate): Predicate {
  const literals =
    predicate.op === 'eq' ? [predicate.literal] : predicate.op === 'in' ? predicate.literals : null;
  if (literals === null) return nullness(predicate);
  const buckets: Interval[] = [];
  for (const { low, high } of literals) {
    const bucket = compareValues(low, high) === 0 ? applyTransform(transform, source, low) : undefined;
    if (bucket === undefined || bucket === null) return { op: 'not-null' };
    buckets.push({ low: bucket, high: bucket });
  }
  return { op: 'in', literals: inOrder(buckets) };
}

function nullness(predicate: Predicate): Predicate {
  return predicate.op === 'is-null' || predicate.op === 'any' ? predicate : { op: 'not-null' };
}

/** truncate, year, month, day and hour never put a larger value into a smaller partition value. */
function projectMonotonic(transform: Transform, source: PrimitiveType, predicate: Predicate): Predicate {
  const ends = ({ low, high }: Interval): Interval | null => {
    const from = transformed(transform, source, low, 'floor');
    const to = transformed(transform, source, high, 'ceil');
    return from === null || to === null ? null : { low: from, high: outOfOldWriters(transform, to) };
  };
  switch (predicate.op) {
    case 'eq': {
      const literal = ends(predicate.literal);
      return literal === null ? { op: 'not-null' } : { op: 'eq', literal };
    }
    case 'in': {
      const literals = predicate.literals.map(ends).filter((literal) => literal !== null);
      return literals.length < predicate.literals.length
        ? { op: 'not-null' }
        : { op: 'in', literals: inOrder(literals) };
    }
    case 'lt':
    case 'lt-eq': {
      const { high } = predicate.literal;
      const last = transformed(transform, source, high, predicate.op === 'lt' ? 'below' : 'floor');
      if (last === null) return { op: 'not-null' };
      const bound = outOfOldWriters(transform, last);
      return { op: 'lt-eq', literal: { low: bound, high: bound } };
    }
    case 'gt':
    case 'gt-eq': {
      const { low } = predicate.literal;
      const first = transformed(transform, source, low, predicate.op === 'gt' ? 'above' : 'ceil');
      return first === null ? { op: 'not-null' } : { op: 'gt-eq', literal: { low: first, high: first } };
    }
    case 'starts-with':
      if (transform.kind !== 'truncate') return { op: 'not-null' };
      return { op: 'starts-with', prefix: textPrefix(predicate.prefix, transform.width) };
    default:
      return nullness(predicate);
  }
}

type Rounding = 'floor' | 'ceil' | 'below' | 'above';

/** The partition value of the integer at, below or above a literal; of text and bytes as they are. */
function transformed(
  transform: Transform,
  source: PrimitiveType,
  literal: IcebergValue,
  rounding: Rounding,
): IcebergValue | null {
  let value = literal;
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) return null;
    const floor = BigInt(Math.floor(value));
    const ceil = BigInt(Math.ceil(value));
    value = { floor, ceil, below: ceil - 1n, above: floor + 1n }[rounding];
  } else if (typeof value === 'bigint') {
    value += rounding === 'below' ? -1n : rounding === 'above' ? 1n : 0n;
  }
  return applyTransform(transform, source, value) ?? null;
}

/**
 * Writers before Iceberg 0.10 rounded dates before 1970 toward it, so that such a partition value may be one
 * more than it should be.
 */
function outOfOldWriters(transform: Transform, value: IcebergValue): IcebergValue {
  const dated = transform.kind !== 'truncate';
  return dated && typeof value === 'number' && value < 0 ? value + 1 : value;
}
