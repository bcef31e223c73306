import type { TableSummary } from '#shared/contract/tables.ts';
import { displayIdentifier } from '#shared/sql/quoting.ts';
import { statementAt } from '#shared/sql/statements.ts';
import { tokenize } from '#shared/sql/tokenize.ts';
import { parseSqlType, shortTypeName } from '#web/lib/format/duckdb-type.ts';
import { rowsText } from '#web/lib/format/row-counts.ts';
import { SQL_FUNCTIONS, SQL_KEYWORDS } from './sql-words.ts';
import { scopeOf, type SqlScope } from './sql-scope.ts';

export type CompletionTable = Pick<TableSummary, 'id' | 'namespace' | 'name' | 'rows' | 'rowsAre'> & {
  /** `sqlType` is DuckDB's name of the type. */
  readonly columns: readonly { readonly name: string; readonly sqlType: string }[];
};

export interface Suggestion {
  readonly kind: 'column' | 'table' | 'namespace' | 'function' | 'keyword';
  readonly label: string;
  /** What is written in place of the word before the cursor. */
  readonly insert: string;
  /** Quiet words beside the label: a type, a row count. */
  readonly detail: string;
  /** Lower comes first. */
  readonly rank: number;
}

export interface Completion {
  /** UTF-16 offset where the word before the cursor begins. */
  readonly from: number;
  readonly suggestions: readonly Suggestion[];
}

/** A list longer than this is slower to filter than to type. */
const MOST_COLUMNS = 2000;
const TABLE_WORDS = new Set(['from', 'join', 'into', 'update', 'describe', 'summarize', 'table']);

/** What may be written at `offset`: nothing inside strings and comments. */
export function complete(sql: string, offset: number, tables: readonly CompletionTable[]): Completion {
  const { word, path, before, quiet } = contextAt(sql, offset);
  const from = offset - word.length;
  if (quiet) return { from: offset, suggestions: [] };
  const scope = scopeOf(statementAt(sql, offset)?.text ?? '');
  if (path.length > 0) return { from, suggestions: afterDot(path, scope, tables) };
  if (TABLE_WORDS.has(before)) return { from, suggestions: [...ctesOf(scope), ...tablesOf(tables, 0)] };
  return {
    from,
    suggestions: [
      ...(scope.entries.length > 0 ? columnsInScope(scope, tables) : columnsAnywhere(tables)),
      ...scope.entries.map((entry) => ({
        kind: 'table' as const,
        label: entry.name,
        insert: displayIdentifier(entry.name),
        detail: entry.name === entry.table ? '' : entry.table,
        rank: 1,
      })),
      ...SQL_FUNCTIONS.map((name) => ({
        kind: 'function' as const,
        label: name,
        insert: name,
        detail: '',
        rank: 3,
      })),
      ...SQL_KEYWORDS.map((name) => ({
        kind: 'keyword' as const,
        label: name,
        insert: name,
        detail: '',
        rank: 2,
      })),
      ...tablesOf(tables, 4),
    ],
  };
}

interface CursorContext {
  /** What of the word stands before the cursor. */
  readonly word: string;
  /** The names before it, each followed by a dot. */
  readonly path: readonly string[];
  /** The word before all that, lower case. */
  readonly before: string;
  /** Inside a string, a comment or a number. */
  readonly quiet: boolean;
}

function contextAt(sql: string, offset: number): CursorContext {
  const tokens = [...tokenize(sql.slice(0, offset))];
  const last = tokens.at(-1);
  const text = (at: number): string => {
    const token = tokens[at];
    return token === undefined ? '' : sql.slice(token.start, token.end);
  };
  const inQuotes = last?.open === true || last?.kind === 'comment' || last?.kind === 'string';
  if (inQuotes || last?.kind === 'number') return { word: '', path: [], before: '', quiet: true };

  let at = tokens.length - 1;
  const word = last?.kind === 'word' ? text(at) : '';
  if (word !== '') at -= 1;
  const path: string[] = [];
  while (text(at) === '.') {
    path.unshift(text(at - 1).replaceAll('"', ''));
    at -= 2;
  }
  while (tokens[at]?.kind === 'space' || tokens[at]?.kind === 'comment') at -= 1;
  return { word, path, before: text(at).toLowerCase(), quiet: false };
}

function afterDot(
  path: readonly string[],
  scope: SqlScope,
  tables: readonly CompletionTable[],
): Suggestion[] {
  const dotted = path.join('.');
  const aliased = scope.entries.find((entry) => same(entry.name, dotted));
  const table = findTable(aliased?.table ?? dotted, tables);
  const columns = table === undefined ? [] : columnsOf(table);
  const members = tables
    .filter((each) => same(each.namespace.join('.'), dotted))
    .map((each) => tableSuggestion(each, each.name, 0));
  return [...columns, ...members];
}

function columnsInScope(scope: SqlScope, tables: readonly CompletionTable[]): Suggestion[] {
  const seen = new Set<string>();
  return scope.entries
    .flatMap((entry) => {
      const table = findTable(entry.table, tables);
      return table === undefined ? [] : columnsOf(table);
    })
    .filter(({ label }) => !seen.has(label) && seen.add(label));
}

/** Before there is a FROM: the columns of all tables, each name once, after everything else. */
function columnsAnywhere(tables: readonly CompletionTable[]): Suggestion[] {
  const byName = new Map<string, { readonly type: string; readonly tables: string[] }>();
  for (const table of tables) {
    for (const { name, sqlType } of table.columns) {
      const known = byName.get(name) ?? { type: typeText(sqlType), tables: [] };
      known.tables.push(table.id);
      byName.set(name, known);
    }
  }
  return [...byName].slice(0, MOST_COLUMNS).map(([name, known]) => ({
    kind: 'column',
    label: name,
    insert: displayIdentifier(name),
    detail:
      known.tables.length === 1 ? `${known.type} · ${known.tables[0]}` : `${known.tables.length} tables`,
    rank: 6,
  }));
}

function columnsOf(table: CompletionTable): Suggestion[] {
  return table.columns.map(({ name, sqlType }) => ({
    kind: 'column',
    label: name,
    insert: displayIdentifier(name),
    detail: `${typeText(sqlType)} · ${table.id}`,
    rank: 0,
  }));
}

/** As the head of a result says it. */
function typeText(sqlType: string): string {
  return shortTypeName(parseSqlType(sqlType));
}

function ctesOf(scope: SqlScope): Suggestion[] {
  return scope.ctes.map((name) => ({
    kind: 'table',
    label: name,
    insert: displayIdentifier(name),
    detail: 'of this statement',
    rank: 0,
  }));
}

function tablesOf(tables: readonly CompletionTable[], rank: number): Suggestion[] {
  const namespaces = [...new Set(tables.map((table) => table.namespace.join('.')))].filter(
    (name) => name !== '',
  );
  return [
    ...tables.map((table) => tableSuggestion(table, table.id, rank)),
    ...namespaces.map((name) => ({
      kind: 'namespace' as const,
      label: name,
      insert: name.split('.').map(displayIdentifier).join('.'),
      detail: 'namespace',
      rank: rank + 1,
    })),
  ];
}

function tableSuggestion(table: CompletionTable, label: string, rank: number): Suggestion {
  const insert = label.split('.').map(displayIdentifier).join('.');
  return { kind: 'table', label, insert, detail: rowsText(table), rank };
}

/** By its whole name, or by its last part where that names one table only. */
function findTable(name: string, tables: readonly CompletionTable[]): CompletionTable | undefined {
  const whole = tables.find((table) => same(table.id, name));
  if (whole !== undefined) return whole;
  const byName = tables.filter((table) => same(table.name, name));
  return byName.length === 1 ? byName[0] : undefined;
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
