/** The rows of a query for a FROM, their columns as c0, c1, …: of a result two may have one name, of a table not. */
export function asRelation(sql: string, columns: number): string {
  const names = Array.from({ length: columns }, (_, at) => `c${at}`);
  // A plan that a tab made by itself has what was written.
  return `(${sql.replace(/;\s*$/, '')}\n) AS result(${names.join(', ')})`;
}
