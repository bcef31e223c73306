import type { Expression } from '#shared/iceberg/expression.ts';
import { parseTransform, type PartitionSpec, type Transform } from '#shared/iceberg/partition.ts';
import { indexById, type Schema } from '#shared/iceberg/schema.ts';
import { isPrimitive, type PrimitiveType } from '#shared/iceberg/types.ts';
import { compareValues, type IcebergValue } from '#shared/iceberg/values.ts';
import type { DataFile } from '../manifest/data-file.ts';
import { typedPartitionFields, type TypedPartitionField } from '../manifest/partition-type.ts';
import { isOneOf, someOverlap, type Interval } from './intervals.ts';
import { intervalOf, intervalsOf, predicateOf, toPositive, type Leaf, type Positive } from './predicate.ts';
import { partitionMustMatch } from './partition-must-match.ts';
import { rangeInFile, rangeOfValue, type ValueRange } from './value-range.ts';

/** Whether every row of a file satisfies a filter, as far as metadata proves it. */
export interface StrictMatcher {
  /** By partition values and column metrics. */
  matchesAll(file: DataFile): boolean;
  /** By partition values alone: what holds for a delete file, whose metrics are not of the table's rows. */
  matchesPartition(file: DataFile): boolean;
}

/**
 * @param filter must say the whole condition: a `true` in it is taken for every row, not for "perhaps"
 * @param schemas the schema that the filter is over first, then others of the table
 */
export function strictMatcher(
  filter: Expression,
  schemas: readonly [Schema, ...(readonly Schema[])],
  specs: readonly PartitionSpec[],
): StrictMatcher {
  const condition = exactly(filter, false);
  const types = new Map<number, PrimitiveType>();
  for (const [id, { field, repeated }] of indexById(schemas[0])) {
    if (!repeated && isPrimitive(field.type)) types.set(id, field.type);
  }
  const fields = new Map(
    specs.map((spec) => [
      spec.specId,
      typedPartitionFields(spec, schemas).map((field) => ({
        ...field,
        parsed: parseTransform(field.transform),
      })),
    ]),
  );
  const byPartition = (leaf: Leaf, file: DataFile): boolean =>
    types.has(leaf.fieldId) &&
    (fields.get(file.specId) ?? []).some((field) => fieldMustMatch(field, field.parsed, leaf, file));
  const byMetrics = (leaf: Leaf, file: DataFile): boolean => {
    const type = types.get(leaf.fieldId);
    return type !== undefined && mustMatch(leaf, type, rangeInFile(file, leaf.fieldId, type));
  };
  return {
    matchesAll: (file) =>
      file.recordCount === 0n || holds(condition, (leaf) => byPartition(leaf, file) || byMetrics(leaf, file)),
    matchesPartition: (file) => holds(condition, (leaf) => byPartition(leaf, file)),
  };
}

/** As toPositive, but `not true` is false: here nothing is "perhaps". */
function exactly(filter: Expression, negated: boolean): Positive {
  switch (filter.op) {
    case 'true':
    case 'false':
      return { op: (filter.op === 'true') === negated ? 'false' : 'true' };
    case 'not':
      return exactly(filter.child, !negated);
    case 'and':
    case 'or': {
      const op = (filter.op === 'and') === negated ? 'or' : 'and';
      return { op, left: exactly(filter.left, negated), right: exactly(filter.right, negated) };
    }
    default:
      return toPositive(filter, negated);
  }
}

function holds(condition: Positive, leafMust: (leaf: Leaf) => boolean): boolean {
  switch (condition.op) {
    case 'true':
      return true;
    case 'false':
      return false;
    case 'and':
      return holds(condition.left, leafMust) && holds(condition.right, leafMust);
    case 'or':
      return holds(condition.left, leafMust) || holds(condition.right, leafMust);
    default:
      return leafMust(condition);
  }
}

function fieldMustMatch(
  field: TypedPartitionField,
  transform: Transform,
  leaf: Leaf,
  file: DataFile,
): boolean {
  if (field.sourceId !== leaf.fieldId || field.sourceType === null) return false;
  const value = file.partition.get(field.fieldId);
  if (value === undefined) return false;
  if (transform.kind === 'identity') return mustMatch(leaf, field.sourceType, rangeOfValue(value));
  return partitionMustMatch(transform, field.sourceType, leaf, value);
}

/** True only where every value in the range satisfies the leaf, as DuckDB would evaluate it. */
export function mustMatch(leaf: Leaf, type: PrimitiveType, range: ValueRange): boolean {
  if (leaf.op === 'is-null') return !range.mayBeValue;
  // Nothing but IS NULL is true of a null.
  if (range.mayBeNull) return false;
  switch (leaf.op) {
    case 'not-null':
      return true;
    case 'is-nan':
      return range.onlyNan;
    case 'not-nan':
      return !range.mayBeNan;
    case 'not-eq':
      return differs(intervalOf(type, leaf.value), range);
    case 'not-in':
      return noneEquals(intervalsOf(type, leaf.values), range);
    default:
      return mustMatchPredicate(leaf, type, range);
  }
}

function mustMatchPredicate(leaf: Leaf, type: PrimitiveType, range: ValueRange): boolean {
  const predicate = predicateOf(leaf, type);
  const { lower, upper, mayBeNan } = range;
  switch (predicate.op) {
    case 'eq':
      return !mayBeNan && equals(predicate.literal, range);
    case 'in':
      return !mayBeNan && isOneOf(predicate.literals, range);
    // NaN is above every number.
    case 'lt':
      return !mayBeNan && order(upper, predicate.literal.low) < 0;
    case 'lt-eq':
      return !mayBeNan && order(upper, predicate.literal.low) <= 0;
    case 'gt':
      return range.onlyNan || order(lower, predicate.literal.high) > 0;
    case 'gt-eq':
      return range.onlyNan || order(lower, predicate.literal.high) >= 0;
    case 'starts-with':
      return bothStart(predicate.prefix, range);
    case 'not-starts-with':
      return neverStarts(predicate.prefix, range);
    default:
      return false;
  }
}

function equals({ low, high }: Interval, { lower, upper }: ValueRange): boolean {
  return compareValues(low, high) === 0 && order(lower, low) === 0 && order(upper, low) === 0;
}

function differs(literal: Interval | null, { lower, upper, onlyNan }: ValueRange): boolean {
  return literal !== null && (onlyNan || order(lower, literal.high) > 0 || order(upper, literal.low) < 0);
}

function noneEquals(literals: readonly Interval[] | null, range: ValueRange): boolean {
  return literals !== null && (range.onlyNan || !someOverlap(literals, range));
}

/** What lies between two texts that begin alike begins like them. */
function bothStart(prefix: string, { lower, upper }: ValueRange): boolean {
  return (
    typeof lower === 'string' &&
    typeof upper === 'string' &&
    lower.startsWith(prefix) &&
    upper.startsWith(prefix)
  );
}

function neverStarts(prefix: string, { lower, upper }: ValueRange): boolean {
  if (typeof upper === 'string' && compareValues(upper, prefix) < 0) return true;
  return typeof lower === 'string' && compareValues(lower, prefix) > 0 && !lower.startsWith(prefix);
}

/** NaN, which is neither below nor above, where there is no bound. */
function order(bound: IcebergValue | undefined, literal: IcebergValue): number {
  return bound === undefined ? Number.NaN : compareValues(bound, literal);
}
