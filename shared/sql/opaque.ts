/** An expression that is always the value, and that DuckDB does not look through: no filter is pushed to where it comes from. */
export function opaqueSql(value: string): string {
  return `CASE WHEN ${value} IS NULL THEN NULL ELSE ${value} END`;
}

/**
 * Whether a query may sort rows to have the first of them alone. DuckDB (1.5.6) then skips rows that come after those it has
 * so far, also through a cast of an integer to a wider one, where it takes the value that it compares with for the narrow type's.
 */
export function mayTakeFirst(sql: string): boolean {
  return /\b(?:LIMIT|FETCH)\b/i.test(sql);
}
