import { significantTokens, type Token } from '#shared/sql/tokenize.ts';

/** What a clause and its one line may take together. */
const LINE = 80;

/** @throws an error of the formatter where the SQL can't be read */
export async function formatSql(sql: string): Promise<string> {
  const { format } = await import('sql-formatter');
  const formatted = format(sql, {
    language: 'duckdb',
    keywordCase: 'upper',
    tabWidth: 2,
    linesBetweenQueries: 1,
    paramTypes: { numbered: ['$'], named: ['$'] },
  });
  return shortClausesOnOneLine(wordsOfClauses(formatted));
}

/** Words that DuckDB reads as part of a clause and the formatter as names, by what stands around them. */
const CLAUSES: readonly {
  readonly word: RegExp;
  /** The two tokens before it, with a space between. */
  readonly before?: RegExp;
  /** All that follows. */
  readonly after?: RegExp;
  /** Of the space behind it; as it is where not said. */
  readonly space?: ' ' | '';
}[] = [
  { word: /^(?:filter|over)$/i, before: /\)$/, after: /^\s*\(/, space: ' ' },
  { word: /^at$/i, after: /^\s*\(\s*(?:version|timestamp)\s*=>/i, space: ' ' },
  { word: /^(?:version|timestamp)$/i, before: /\bat \($/i },
  { word: /^nulls$/i, after: /^\s+(?:first|last)\b/i },
  { word: /^(?:first|last)$/i, before: /\bnulls$/i },
  { word: /^(?:ignore|respect)$/i, after: /^\s+nulls\b/i },
  { word: /^nulls$/i, before: /\b(?:ignore|respect)$/i },
  { word: /^(?:exclude|replace|rename)$/i, before: /(?:select|[,(.]) \*$/i, after: /^\s*\(/, space: ' ' },
  { word: /^(?:exclude|replace|rename)$/i, before: /\)$/, after: /^\s*\(/, space: ' ' },
  { word: /^exclude$/i, before: /(?:select|[,(.]) \*$/i },
  { word: /^merge$/i, before: /^;?$/, after: /^\s+into\b/i },
  { word: /^matched$/i, before: /\b(?:when|not)$/i },
  { word: /^(?:insert|delete|do)$/i, before: /\bthen$/i },
  { word: /^partitioned$/i, after: /^\s+by\b/i },
  { word: /^by$/i, before: /\bpartitioned$/i },
  { word: /^(?:recursive|materialized)$/i, before: /\b(?:with|as|not|create|refresh)$/i },
  { word: /^refresh$/i, before: /^;?$/ },
  { word: /^view$/i, before: /\bmaterialized$/i },
  { word: /^(?:ilike|glob)$/i, after: /^\s+[^,)(.;\s]/ },
  { word: /^at$/i, after: /^\s+time\s+zone\b/i },
  { word: /^time$/i, before: /\bat$/i, after: /^\s+zone\b/i },
  { word: /^zone$/i, before: /\bat time$/i },
  { word: /^(?:unbounded|current)$/i, after: /^\s+(?:preceding|following|row)\b/i },
  { word: /^(?:preceding|following|row)$/i, before: /\b(?:unbounded|current|\d+)$/i },
  { word: /^name$/i, before: /\bby$/i },
];
/** The formatter writes a space between them and what they are called with. */
const CALLS = /^(?:columns|try_cast|extract)$/i;

/** Capitals for words of clauses, small letters and no space for what is called as a function is. */
function wordsOfClauses(sql: string): string {
  const tokens = significantTokens(sql);
  const textOf = (token: Token | undefined) => (token === undefined ? '' : sql.slice(token.start, token.end));
  let text = '';
  let done = 0;
  for (const [index, token] of tokens.entries()) {
    if (token.kind !== 'word') continue;
    const word = textOf(token);
    const next = tokens[index + 1];
    const before = `${textOf(tokens[index - 2])} ${textOf(tokens[index - 1])}`.trim();
    const after = sql.slice(token.end, token.end + LINE);
    const isCall = CALLS.test(word) && textOf(next) === '(';
    const clause = CLAUSES.find(
      (each) =>
        each.word.test(word) && each.before?.test(before) !== false && each.after?.test(after) !== false,
    );
    const space = isCall ? '' : clause?.space;
    if (clause === undefined && !isCall) continue;
    text += sql.slice(done, token.start) + (isCall ? word : word.toUpperCase());
    done = token.end;
    if (space === undefined || next === undefined) continue;
    text += space;
    done = next.start;
  }
  return text + sql.slice(done);
}

/** `LIMIT 10` in the place of two lines, wherever a clause has one line alone and both are short. */
function shortClausesOnOneLine(sql: string): string {
  const lines = sql.split('\n');
  const joined: string[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const [line = '', body = '', next] = lines.slice(at, at + 3);
    const isClause = /^ *[A-Z][A-Z ]*$/.test(line) && indent(body) > indent(line);
    const isAlone = next === undefined || indent(next) <= indent(line);
    const one = `${line} ${body.trimStart()}`;
    if (isClause && isAlone && body.trim() !== '' && one.length <= LINE) {
      joined.push(one);
      at += 1;
    } else joined.push(line);
  }
  const text = joined.join('\n');
  // A text that spans lines may look like clauses.
  return sameTokens(text, sql) ? text : sql;
}

function indent(line: string): number {
  return line.length - line.trimStart().length;
}

function sameTokens(one: string, other: string): boolean {
  const texts = (sql: string) => significantTokens(sql).map(({ start, end }) => sql.slice(start, end));
  const [ones, others] = [texts(one), texts(other)];
  return ones.length === others.length && ones.every((text, index) => text === others[index]);
}
