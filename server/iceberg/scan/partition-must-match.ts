import type { Transform } from '#shared/iceberg/partition.ts';
import type { PrimitiveType } from '#shared/iceberg/types.ts';
import { compareValues, type IcebergValue } from '#shared/iceberg/values.ts';
import { applyTransform } from '../partition/transforms.ts';
import { textPrefix } from '../values/truncate.ts';
import { inOrder, someOverlap, type Interval } from './intervals.ts';
import { intervalOf, intervalsOf, type Leaf } from './predicate.ts';

/**
 * The strict projection of a predicate: whether every row that a transform (but identity, of which the value
 * itself is known) puts into a partition satisfies the leaf. False where that cannot be told.
 *
 * @param value the partition's
 */
export function partitionMustMatch(
  transform: Transform,
  source: PrimitiveType,
  leaf: Leaf,
  value: IcebergValue | null,
): boolean {
  if (transform.kind === 'void' || transform.kind === 'unknown') return false;
  // Every other transform is null for null only.
  if (leaf.op === 'is-null') return value === null;
  if (value === null) return false;
  switch (leaf.op) {
    case 'not-null':
    case 'not-nan':
      // No transform applies to floating-point numbers, which alone have NaN.
      return true;
    case 'not-eq':
      return excludes(transform, source, leaf.value, value);
    case 'not-in':
      return excludesAll(transform, source, intervalsOf(source, leaf.values), value);
    case 'lt':
    case 'lt-eq':
    case 'gt':
    case 'gt-eq': {
      const literal = transform.kind === 'bucket' ? null : intervalOf(source, leaf.value);
      return literal !== null && isBeyond(transform, source, leaf.op, literal, value);
    }
    case 'starts-with':
    case 'not-starts-with':
      return (
        transform.kind === 'truncate' &&
        typeof value === 'string' &&
        typeof leaf.value === 'string' &&
        startsAs(leaf.op, value, leaf.value, transform.width)
      );
    default:
      return false;
  }
}

/** Equal values are in one partition: rows of another one differ. */
function excludes(
  transform: Transform,
  source: PrimitiveType,
  literal: IcebergValue,
  value: IcebergValue,
): boolean {
  const interval = intervalOf(source, literal);
  if (interval === null || compareValues(interval.low, interval.high) !== 0) return false;
  const other = transformed(transform, source, interval.low, 0n);
  return other !== null && possible(transform, value).every((own) => compareValues(own, other) !== 0);
}

const taken = new WeakMap<readonly Interval[], Map<string, readonly Interval[] | null>>();

/** As excludes, of literals that may be many: the partitions that they are in are found once. */
function excludesAll(
  transform: Transform,
  source: PrimitiveType,
  literals: readonly Interval[] | null,
  value: IcebergValue,
): boolean {
  if (literals === null) return false;
  const byTransform = taken.get(literals) ?? new Map<string, readonly Interval[] | null>();
  taken.set(literals, byTransform);
  const key = JSON.stringify([transform, source]);
  let partitions = byTransform.get(key);
  if (partitions === undefined)
    byTransform.set(key, (partitions = partitionsOf(transform, source, literals)));
  const found = partitions;
  return (
    found !== null &&
    possible(transform, value).every((own) => !someOverlap(found, { lower: own, upper: own }))
  );
}

function partitionsOf(
  transform: Transform,
  source: PrimitiveType,
  literals: readonly Interval[],
): readonly Interval[] | null {
  const found: Interval[] = [];
  for (const { low, high } of literals) {
    const partition = compareValues(low, high) === 0 ? transformed(transform, source, low, 0n) : null;
    if (partition === null) return null;
    found.push({ low: partition, high: partition });
  }
  return inOrder(found);
}

/** A whole partition is below a literal where its value is below that of the literal; above likewise. */
function isBeyond(
  transform: Transform,
  source: PrimitiveType,
  op: 'lt' | 'lt-eq' | 'gt' | 'gt-eq',
  { low, high }: Interval,
  value: IcebergValue,
): boolean {
  const less = op === 'lt' || op === 'lt-eq';
  // x <= 9 is x < 10 of integers, so that a partition that ends with 9 is wholly below; of text there is no next.
  const step = op === 'lt-eq' ? 1n : op === 'gt-eq' ? -1n : 0n;
  const edge = transformed(transform, source, less ? low : high, step);
  if (edge === null) return false;
  return possible(transform, value).every((own) => {
    const order = compareValues(own, edge);
    return less ? order < 0 : order > 0;
  });
}

/** The partition value of the integer a step from a literal; of text and bytes as they are. */
function transformed(
  transform: Transform,
  source: PrimitiveType,
  literal: IcebergValue,
  step: bigint,
): IcebergValue | null {
  let value = literal;
  if (typeof value === 'number') {
    if (!Number.isInteger(value)) return null;
    value += Number(step);
  } else if (typeof value === 'bigint') value += step;
  return applyTransform(transform, source, value) ?? null;
}

/** Writers before Iceberg 0.10 put dates before 1970 into partitions one too high. */
function possible(transform: Transform, value: IcebergValue): readonly IcebergValue[] {
  const dated = transform.kind !== 'truncate' && transform.kind !== 'bucket';
  return dated && typeof value === 'number' && value <= 0 ? [value, value - 1] : [value];
}

/** @param value the first `width` code points of the rows' texts, or all where they are shorter */
function startsAs(
  op: 'starts-with' | 'not-starts-with',
  value: string,
  prefix: string,
  width: number,
): boolean {
  if (op === 'starts-with') return value.startsWith(prefix);
  return !value.startsWith(textPrefix(prefix, width));
}
