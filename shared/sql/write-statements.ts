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
    default:
      return ROWS.has(first) || FILES.has(first);
  }
}

/** The word behind CREATE, ALTER and DROP: TABLE, or MATERIALIZED of a view. */
function isKept(word: string | undefined): boolean {
  return word === 'TABLE' || word === 'MATERIALIZED';
}

function isRef(word: string | undefined): boolean {
  return word === 'BRANCH' || word === 'TAG';
}
