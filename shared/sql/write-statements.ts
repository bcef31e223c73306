import { splitStatements } from './statements.ts';
import { significantTokens } from './tokenize.ts';

const ROWS = new Set(['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']);
const FILES = new Set(['OPTIMIZE', 'VACUUM', 'CALL']);
const QUERIES = new Set(['SELECT', 'FROM', 'VALUES', 'TABLE', 'PIVOT']);

/** Whether a statement changes a table, or a branch or tag, by its first words: such a one goes to the server, and makes a commit. */
export function isWriteStatement(sql: string): boolean {
  const words: string[] = [];
  let depth = 0;
  for (const token of significantTokens(sql)) {
    const text = sql.slice(token.start, token.end).toUpperCase();
    if (text === '(') depth += 1;
    else if (text === ')') depth -= 1;
    else if (depth === 0 && token.kind === 'word') words.push(text);
    // Behind WITH and its queries in parentheses comes the statement that they are for.
    if (
      words[0] === 'WITH'
        ? words.some((word) => QUERIES.has(word) || ROWS.has(word) || word === 'MERGE')
        : words.length === 4
    )
      break;
  }
  const [first = '', second, third, fourth] = words;
  switch (first) {
    case 'WITH':
      return words.some((word) => ROWS.has(word) || word === 'MERGE') && !QUERIES.has(words.at(-1) ?? '');
    case 'BEGIN':
    case 'START':
      return true;
    case 'MERGE':
      return second === 'INTO' || isRef(second);
    case 'CREATE':
      return isKept(second) || isRef(second) || (second === 'OR' && third === 'REPLACE' && isKept(fourth));
    case 'REFRESH':
      return second === 'MATERIALIZED';
    case 'DROP':
      return isKept(second) || isRef(second);
    case 'ALTER':
      return isKept(second);
    case 'COMMENT':
      return second === 'ON';
    case 'RESTORE':
    case 'UNDROP':
      return second !== undefined;
    default:
      return ROWS.has(first) || FILES.has(first);
  }
}

/** Whether any statement of a script changes a table, or a branch or tag. */
export function writesAnything(script: string): boolean {
  return splitStatements(script).some(({ text }) => isWriteStatement(text));
}

const KEPT = new Set(['TABLE', 'VIEW', 'MATERIALIZED', 'SCHEMA', 'NAMESPACE', 'DATABASE']);

/**
 * Where the query of an INSERT or of a CREATE TABLE … AS begins (UTF-16 units): its rows are the statement's. Null for
 * statements of other kinds.
 */
export function queryOfWrite(sql: string): number | null {
  const words: string[] = [];
  let depth = 0;
  for (const token of significantTokens(sql)) {
    const text = sql.slice(token.start, token.end).toUpperCase();
    if (text === '(') depth += 1;
    else if (text === ')') depth -= 1;
    if (depth > 0 || token.kind !== 'word') continue;
    const begun = words[0] === 'INSERT' || (words[0] === 'CREATE' && words.at(-1) === 'AS');
    if (begun && BEGIN_QUERY.has(text)) return token.start;
    words.push(text);
  }
  return null;
}

const BEGIN_QUERY = new Set(['WITH', 'SELECT', 'FROM', 'VALUES', 'PIVOT']);

/** The word behind CREATE, ALTER and DROP: what the catalog has; MATERIALIZED of a view. */
function isKept(word: string | undefined): boolean {
  return KEPT.has(word ?? '');
}

function isRef(word: string | undefined): boolean {
  return word === 'BRANCH' || word === 'TAG';
}
