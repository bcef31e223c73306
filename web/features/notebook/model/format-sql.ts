import { tokenize } from '#shared/sql/tokenize.ts';

/** @throws an error of the formatter where the SQL can't be read */
export async function formatSql(sql: string): Promise<string> {
  const { format } = await import('sql-formatter');
  return clausesInCapitals(
    format(sql, { language: 'duckdb', keywordCase: 'upper', tabWidth: 2, linesBetweenQueries: 1 }),
  );
}

/** Words that the formatter takes for functions, and what tells that they are none. */
const CLAUSES: readonly {
  readonly word: RegExp;
  readonly before?: string;
  readonly after?: RegExp;
}[] = [
  { word: /^(?:filter|over)$/i, before: ')' },
  { word: /^at$/i, after: /^\(\s*(?:version|timestamp)\s*=>/i },
];

/** FILTER (…), OVER (…) and AT (VERSION => …) as other clauses are written. */
function clausesInCapitals(sql: string): string {
  const tokens = [...tokenize(sql)].filter(({ kind }) => kind !== 'space' && kind !== 'comment');
  let text = '';
  let done = 0;
  for (const [index, { kind, start, end }] of tokens.entries()) {
    const [last, next] = [tokens[index - 1], tokens[index + 1]];
    if (kind !== 'word' || next === undefined || sql[next.start] !== '(') continue;
    const word = sql.slice(start, end);
    const clause = CLAUSES.find(
      ({ word: named, before, after }) =>
        named.test(word) &&
        (before === undefined || (last !== undefined && sql.slice(last.start, last.end) === before)) &&
        (after === undefined || after.test(sql.slice(next.start))),
    );
    if (clause === undefined) continue;
    text += `${sql.slice(done, start)}${word.toUpperCase()} `;
    done = next.start;
    const version = tokens[index + 2];
    if (clause.after !== undefined && version !== undefined) {
      text += sql.slice(next.start, version.start) + sql.slice(version.start, version.end).toUpperCase();
      done = version.end;
    }
  }
  return text + sql.slice(done);
}
