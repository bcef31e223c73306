/** @throws an error of the formatter where the SQL can't be read */
export async function formatSql(sql: string): Promise<string> {
  const { format } = await import('sql-formatter');
  return format(sql, { language: 'duckdb', keywordCase: 'upper', tabWidth: 2, linesBetweenQueries: 1 });
}
