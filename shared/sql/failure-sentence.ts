import { nearestNames } from '../util/nearest-names.ts';
import type { DuckDbFailure } from './duckdb-failure.ts';
import { significantTokens } from './tokenize.ts';

/** Of the parser and of the binder. */
export const TOO_DEEP = /^Max expression depth limit of (?<depth>\d+) exceeded/;

export function tooDeep({ depth }: Groups): string {
  return `The SQL has expressions within each other more than ${depth} deep. Write a long chain of OR as IN (…), and of + as list_sum([…])`;
}

type Groups = Readonly<Record<string, string | undefined>>;

/** What DuckDB says of values, functions and types, in the words that people write SQL in. */
const RULES: readonly (readonly [RegExp, (said: Groups) => string])[] = [
  [
    /^Could not convert string (?:'(?<a>[\s\S]*)'|"(?<b>[\s\S]*)") to (?<type>\S.*?)(?: when casting from source column (?<column>.+))?$/,
    ({ a, b, type, column }) =>
      `The text ${quoted(a ?? b)}${inColumn(column)} can't be read as ${typeName(type)}`,
  ],
  [
    /^(?:invalid |Invalid )?(?<what>date|time|timestamp|interval) field (?:format|value out of range): "(?<text>[\s\S]*)", expected format is \(?(?<format>.*?)\)?(?: when casting from source column (?<column>.+))?$/,
    ({ what, text, format, column }) =>
      `The text ${quoted(text)}${inColumn(column)} is no ${what}; write it as ${format}`,
  ],
  [
    /^Type (?<from>\S+) with value (?<value>[\s\S]*?) can't be cast (?:because|to).*destination type (?<type>[^\s]+)(?: when casting from source column (?<column>.+))?$/,
    ({ value, type, column }) => `The value ${value}${inColumn(column)} does not fit into ${typeName(type)}`,
  ],
  [
    /^Overflow in (?<operation>\w+) of (?<type>\S+) \((?<text>.*)\)$/,
    ({ type, text }) =>
      `The result of ${text} does not fit into ${typeName(type)}; cast to a wider type, such as ${type?.endsWith('128') ? '' : 'HUGEINT or '}DOUBLE`,
  ],
  [
    /^Could not parse string "(?<text>[\s\S]*?)" according to format specifier "(?<format>.*?)"[\s\S]*?(?:\nError: (?<why>[\s\S]*))?$/,
    ({ text, format, why }) =>
      `The text ${quoted(text)} does not fit the format ${quoted(format)}${why === undefined ? '' : `: ${lowerFirst(why)}`}`,
  ],
  [
    /^(?<why>missing (?:closing )?[)\]].*|unexpected \).*|(?:missing|no) argument (?:to|for) repetition operator.*|invalid (?:character class|escape sequence|repetition size|perl operator|named capture).*|bad repetition operator.*|trailing \\.*|pattern too large.*)$/,
    ({ why }) => `The regular expression can't be read: ${why}`,
  ],
  [
    /^extract specifier "(?<name>.*)" not recognized$/,
    ({ name }) =>
      `There is no part ${quoted(name)} of a date or time; year, quarter, month, week, day, hour, minute and second are some`,
  ],
  [
    /^No function matches the given name and argument types '(?<name>\W+)\((?<types>.*)\)'\. You might need.*$/,
    ({ name, types }) =>
      `There is no ${name} for ${withSqlTypes(types ?? '')
        .split(/, (?![^(]*\))/)
        .join(' and ')}; cast one to the other's type`,
  ],
  [
    /^No function matches the given name and argument types '(?<call>.*)'\. You might need.*$/,
    ({ call = '' }) =>
      call.endsWith('()')
        ? `${call.slice(0, -2)} takes arguments, and none are given`
        : `There is no function ${withSqlTypes(call)}; cast its arguments to the types that it takes`,
  ],
  [
    /^(?:Scalar|Aggregate|Table|Scalar Macro) Function with name (?<name>\S+) does not exist$/,
    ({ name }) =>
      WINDOW_FUNCTIONS.has(name ?? '')
        ? `${name} is a window function; write ${name}(…) OVER (…)`
        : `There is no function ${name}`,
  ],
  [TOO_DEEP, tooDeep],
  [/^Type with name (?<name>\S+) does not exist$/, ({ name }) => `There is no type ${name}`],
];

const WINDOW_FUNCTIONS = new Set(
  'row_number rank dense_rank percent_rank cume_dist ntile lag lead first_value last_value nth_value'.split(
    ' ',
  ),
);
/** DuckDB names types by how it stores them, and constants by what they are. */
const TYPE_NAMES: Readonly<Record<string, string>> = {
  BOOL: 'BOOLEAN',
  INT8: 'TINYINT',
  INT16: 'SMALLINT',
  INT32: 'INTEGER',
  INT64: 'BIGINT',
  INT128: 'HUGEINT',
  UINT8: 'UTINYINT',
  UINT16: 'USMALLINT',
  UINT32: 'UINTEGER',
  UINT64: 'UBIGINT',
  UINT128: 'UHUGEINT',
  INTEGER_LITERAL: 'INTEGER',
  STRING_LITERAL: 'VARCHAR',
};

/**
 * A failure as one sentence: without DuckDB's advice on settings that people here can't change, its excerpts of
 * SQL that is not what they wrote, and its own names of types. What the person has error() say is theirs, and stays as it is.
 *
 * @param ran the SQL that failed
 */
export function failureSentence(failure: DuckDbFailure, ran = ''): string {
  if (failure.type === 'Invalid Input' && failure.message.trim() !== '' && callsError(ran))
    return failure.message;
  const said = essence(failure.message);
  for (const [pattern, say] of RULES) {
    const groups = pattern.exec(said)?.groups;
    if (groups !== undefined) return `${say(groups)}${suggestion(failure)}`;
  }
  const line = withSqlTypes(said)
    .replaceAll(/\s*\n\s*/g, ' ')
    .replaceAll(/"?__timestream_\w+"?/g, 'the table');
  return `${upperFirst(line)}.`;
}

/** DuckDB does not say whether a text is its own. */
function callsError(sql: string): boolean {
  if (!/error/i.test(sql)) return false;
  const tokens = significantTokens(sql);
  return tokens.some(
    ({ start, end }, index) =>
      /^"?error"?$/i.test(sql.slice(start, end)) &&
      sql.charAt(tokens[index + 1]?.start ?? sql.length) === '(',
  );
}

/** DuckDB's suggestions are the nearest of its names, however far that is. */
function suggestion({ name, candidates, subtype }: DuckDbFailure): string {
  if (name === undefined || subtype !== 'MISSING_ENTRY') return '.';
  const near = nearestNames(name, candidates);
  return near.length === 0 || WINDOW_FUNCTIONS.has(name) ? '.' : `. Did you mean ${near.join(' or ')}?`;
}

/** What DuckDB says in its first sentence. */
export function essence(message: string): string {
  const first =
    message.split(/\n\s*\n|\n\s*LINE \d+:|\n\s*Candidate |\nDid you mean|\n\s*Possible solutions/)[0] ??
    message;
  return first.trim().replace(/[.!]+$/, '');
}

function withSqlTypes(text: string): string {
  // Not inside of quotes, where a value stands.
  return text.replaceAll(
    /('[^']*'|"[^"]*")|\b([A-Z]+\d*(?:_LITERAL)?)\b/g,
    (whole, value: string | undefined, word: string | undefined) =>
      value === undefined ? (TYPE_NAMES[word ?? ''] ?? whole) : whole,
  );
}

function typeName(type: string | undefined): string {
  return TYPE_NAMES[type ?? ''] ?? type ?? '';
}

function inColumn(column: string | undefined): string {
  return column === undefined ? '' : ` in column ${column}`;
}

function quoted(text: string | undefined): string {
  return `'${text ?? ''}'`;
}

function upperFirst(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}
