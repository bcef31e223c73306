import type { Expression } from '#shared/iceberg/expression.ts';
import { parsePrimitive, type PrimitiveType } from '#shared/iceberg/types.ts';
import type { IcebergValue } from '#shared/iceberg/values.ts';
import { parseValueText } from '../values/parse-text.ts';
import { inOrder, type Interval } from './intervals.ts';

/** What a leaf of a filter asks of one column. What cannot be said more exactly is `not-null` or `any`. */
export type Predicate =
  | { readonly op: 'eq' | 'lt' | 'lt-eq' | 'gt' | 'gt-eq'; readonly literal: Interval }
  | {
      readonly op: 'in';
      /** See inOrder. */
      readonly literals: readonly Interval[];
    }
  | { readonly op: 'starts-with' | 'not-starts-with'; readonly prefix: string }
  | { readonly op: 'is-null' | 'not-null' | 'is-nan' | 'not-nan' | 'any' };

export type Leaf = Exclude<Expression, { op: 'true' | 'false' | 'and' | 'or' | 'not' }>;

/** A filter without negations: they are in its leaves. */
export type Positive =
  | { readonly op: 'true' | 'false' }
  | { readonly op: 'and' | 'or'; readonly left: Positive; readonly right: Positive }
  | Leaf;

/** Moves negations into the leaves. A `true` may stand for what could not be said, so its negation is no `false`. */
export function toPositive(filter: Expression, negated = false): Positive {
  switch (filter.op) {
    case 'true':
      return { op: 'true' };
    case 'false':
      return { op: negated ? 'true' : 'false' };
    case 'not':
      return toPositive(filter.child, !negated);
    case 'and':
    case 'or': {
      const op = (filter.op === 'and') === negated ? 'or' : 'and';
      return { op, left: toPositive(filter.left, negated), right: toPositive(filter.right, negated) };
    }
    default:
      return negated ? negate(filter) : filter;
  }
}

const OPPOSITE = {
  eq: 'not-eq',
  'not-eq': 'eq',
  lt: 'gt-eq',
  'lt-eq': 'gt',
  gt: 'lt-eq',
  'gt-eq': 'lt',
  'starts-with': 'not-starts-with',
  'not-starts-with': 'starts-with',
} as const;

function negate(leaf: Leaf): Leaf {
  switch (leaf.op) {
    case 'in':
      return { ...leaf, op: 'not-in' };
    case 'not-in':
      return { ...leaf, op: 'in' };
    case 'is-null':
      return { ...leaf, op: 'not-null' };
    case 'not-null':
      return { ...leaf, op: 'is-null' };
    case 'is-nan':
      return { ...leaf, op: 'not-nan' };
    case 'not-nan':
      return { ...leaf, op: 'is-nan' };
    default:
      return { ...leaf, op: OPPOSITE[leaf.op] };
  }
}

/** The predicate of a leaf over a column of a type. */
export function predicateOf(leaf: Leaf, type: PrimitiveType): Predicate {
  switch (leaf.op) {
    case 'eq':
    case 'lt':
    case 'lt-eq':
    case 'gt':
    case 'gt-eq': {
      const literal = intervalOf(type, leaf.value);
      return literal === null ? { op: 'not-null' } : { op: leaf.op, literal };
    }
    case 'in': {
      const literals = intervalsOf(type, leaf.values);
      return literals === null ? { op: 'not-null' } : { op: 'in', literals };
    }
    case 'not-eq':
    case 'not-in':
      return { op: 'not-null' };
    case 'starts-with':
    case 'not-starts-with':
      if (type !== 'string' || typeof leaf.value !== 'string') return { op: 'not-null' };
      return { op: leaf.op, prefix: leaf.value };
    case 'is-null':
    case 'not-null':
    case 'is-nan':
    case 'not-nan':
      return { op: leaf.op };
  }
}

const ordered = new WeakMap<readonly IcebergValue[], Map<PrimitiveType, readonly Interval[] | null>>();

/**
 * Where literals lie among the values of a type, in their order (see inOrder); null where that is not known of all. Found once
 * for a list: it may be long, and is asked of every file.
 */
export function intervalsOf(
  type: PrimitiveType,
  values: readonly IcebergValue[],
): readonly Interval[] | null {
  const byType = ordered.get(values) ?? new Map<PrimitiveType, readonly Interval[] | null>();
  ordered.set(values, byType);
  let found = byType.get(type);
  if (found === undefined) byType.set(type, (found = orderedIntervals(type, values)));
  return found;
}

function orderedIntervals(type: PrimitiveType, values: readonly IcebergValue[]): readonly Interval[] | null {
  const intervals: Interval[] = [];
  for (const value of values) {
    const interval = intervalOf(type, value);
    if (interval === null) return null;
    intervals.push(interval);
  }
  return inOrder(intervals);
}

/** Doubles up to here hold integers exactly; DuckDB compares larger ones after rounding. */
const EXACT = 2 ** 53;

/** Where a literal lies among the values of a type; null where the two cannot be compared safely. */
export function intervalOf(type: PrimitiveType, value: IcebergValue): Interval | null {
  const primitive = parsePrimitive(type);
  switch (primitive.kind) {
    case 'boolean':
      return typeof value === 'boolean' ? { low: value, high: value } : null;
    case 'string':
      return typeof value === 'string' ? { low: value, high: value } : null;
    case 'uuid':
      return typeof value === 'string' ? exactly(value.toLowerCase()) : null;
    case 'fixed':
    case 'binary':
      return value instanceof Uint8Array ? { low: value, high: value } : null;
    case 'float':
    case 'double':
      return floatingInterval(value, primitive.kind === 'float');
    case 'decimal':
      return decimalInterval(value, primitive.precision, primitive.scale);
    case 'unknown':
    case 'variant':
    case 'geometry':
    case 'geography':
      return null;
    default:
      if (typeof value === 'bigint') return exactly(value);
      return typeof value === 'number' && Math.abs(value) < EXACT ? exactly(value) : null;
  }
}

function exactly(value: IcebergValue): Interval {
  return { low: value, high: value };
}

/** A FLOAT is compared with the literal as given, or as the nearest float, by how the literal was written. */
function floatingInterval(value: IcebergValue, single: boolean): Interval | null {
  if (typeof value !== 'number' && typeof value !== 'bigint') return null;
  const double = Number(value);
  if (Number.isNaN(double)) return null;
  const candidates: (number | bigint)[] = [value, double, ...(single ? [Math.fround(double)] : [])];
  return {
    low: candidates.reduce((a, b) => (b < a ? b : a)),
    high: candidates.reduce((a, b) => (b > a ? b : a)),
  };
}

function decimalInterval(value: IcebergValue, precision: number, scale: number): Interval | null {
  if (typeof value === 'bigint') return exactly(value);
  if (typeof value !== 'string' && typeof value !== 'number') return null;
  // DuckDB compares decimals with doubles as doubles, which hold 15 digits.
  if (typeof value === 'number' && precision > 15) return null;
  const text = String(value);
  const parts = /^(-?\d{1,40})(?:\.(\d{1,40}))?$/.exec(text);
  if (parts === null) return null;
  const kept = `${parts[1]}.${(parts[2] ?? '').slice(0, scale).padEnd(scale, '0')}`;
  const towardZero = parseValueText(`decimal(38, ${scale})`, scale === 0 ? (parts[1] ?? '') : kept);
  if (typeof towardZero !== 'bigint') return null;
  const rest = /[1-9]/.test((parts[2] ?? '').slice(scale));
  if (!rest) return exactly(towardZero);
  return text.startsWith('-')
    ? { low: towardZero - 1n, high: towardZero }
    : { low: towardZero, high: towardZero + 1n };
}
