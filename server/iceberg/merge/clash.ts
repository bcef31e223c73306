import { stringifyJson } from '#shared/util/json.ts';

export type TableClashKind =
  /** Rows of one data file were changed by both sides, or changed by one and rewritten by the other. */
  | 'SAME_ROWS_CHANGED'
  /** Equality deletes of one side would hit rows that the other added, and no sequence number keeps them apart. */
  | 'EQUALITY_DELETES_CLASH'
  /** CREATE OR REPLACE on one side, changes of rows on the other. */
  | 'TABLE_REPLACED'
  /** One column was changed in two ways, or two columns have one name or one field id. */
  | 'SCHEMA_CLASH'
  | 'PARTITION_SPEC_CLASH'
  | 'SORT_ORDER_CLASH'
  | 'PROPERTY_CLASH'
  /** A branch or tag inside the table. */
  | 'SNAPSHOT_REF_CLASH'
  | 'LOCATION_CLASH'
  /** One side's files can't be in a table of the format version that the other side has made it. */
  | 'FORMAT_CLASH';

/** Something that two versions of a table made of it and that can't both be. */
export interface TableClash {
  readonly kind: TableClashKind;
  /** A sentence. */
  readonly message: string;
  /** Facts for programs, as JSON can hold them: field, property, files; base, ours, theirs. */
  readonly detail: Readonly<Record<string, unknown>>;
}

/** What a value is after both sides had a chance to change it; undefined where they changed it to different ones. */
export function threeWay<T>(base: T, ours: T, theirs: T): { readonly value: T } | undefined {
  if (isSame(ours, theirs) || isSame(theirs, base)) return { value: ours };
  return isSame(ours, base) ? { value: theirs } : undefined;
}

/** Of values that JSON can hold; absent is one more of them. */
export function isSame(a: unknown, b: unknown): boolean {
  return a === b || (a !== undefined && b !== undefined && stringifyJson(a) === stringifyJson(b));
}
