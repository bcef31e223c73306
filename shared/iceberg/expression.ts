/**
 * A literal as a predicate compares it, in the column's Iceberg type. Temporal values are their integers
 * (days; microseconds; for …_ns nanoseconds). For a decimal column a bigint is unscaled (1.50 of scale 2 is
 * 150n), a number or a text is the value itself (1.5, '1.50').
 */
export type LiteralValue = boolean | number | bigint | string | Uint8Array;

export type ComparisonOp =
  | 'eq'
  | 'not-eq'
  | 'lt'
  | 'lt-eq'
  | 'gt'
  | 'gt-eq'
  | 'starts-with'
  | 'not-starts-with';

/**
 * A row filter over columns named by field id, as scan planning prunes by it. It means what SQL means in
 * DuckDB: a comparison with a null is not true, negated or not, and NaN is above every number. A part that
 * cannot be said is `true`, which also negated stays "perhaps".
 */
export type Expression =
  | { readonly op: 'true' }
  | { readonly op: 'false' }
  | { readonly op: 'and' | 'or'; readonly left: Expression; readonly right: Expression }
  | { readonly op: 'not'; readonly child: Expression }
  | { readonly op: ComparisonOp; readonly fieldId: number; readonly value: LiteralValue }
  | { readonly op: 'in' | 'not-in'; readonly fieldId: number; readonly values: readonly LiteralValue[] }
  | { readonly op: 'is-null' | 'not-null' | 'is-nan' | 'not-nan'; readonly fieldId: number };
