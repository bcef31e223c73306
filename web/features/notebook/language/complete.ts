import type { SqlFunction } from '#shared/contract/functions.ts';
import { displayIdentifier } from '#shared/sql/quoting.ts';
import {
  columnsOfSource,
  columnsOfCte,
  coresAround,
  same,
  sourceName,
  sourceNamed,
  tableNamed,
  visibleCtes,
  type ResolvedColumn,
} from '#shared/sql/scope/resolve.ts';
import { tokenize } from '#shared/sql/tokenize.ts';
import { rowsText } from '#web/lib/format/row-counts.ts';
import { cursorAt, type Cursor } from './cursor.ts';
import { clauseAt, type Clause } from './clause.ts';
import { argumentsText, functionAbout, returnsText, typeText } from './function-text.ts';
import type { CompletionTable, LanguageFacts } from './language-facts.ts';
import { templates } from './sql-templates.ts';
import { valueSuggestions } from './value-suggestions.ts';
import { AFTER_TABLE_KEYWORDS, SQL_KEYWORDS } from './sql-words.ts';

export interface Suggestion {
  readonly kind:
    | 'column'
    | 'table'
    | 'namespace'
    | 'function'
    | 'keyword'
    | 'ref'
    | 'template'
    | 'parameter'
    | 'value';
  readonly label: string;
  /** What typed letters are compared with; the label where absent. */
  readonly match?: string;
  /** What is written in place of the word before the cursor; in Monaco's snippet form where `snippet` says so. */
  readonly insert: string;
  readonly snippet?: true;
  /** Right behind the label: what a function takes. */
  readonly signature?: string;
  /** Quiet words beside the label: a type, a row count. */
  readonly detail: string;
  /** What a person reads beside the list. */
  readonly about?: string;
  /** Lower comes first; among equal ones the label decides. */
  readonly rank: number;
  /** In place of rank and label, where the order is not that of letters. */
  readonly order?: string;
}

export interface Completion {
  /** UTF-16 offset where the word before the cursor begins. */
  readonly from: number;
  /** UTF-16 offset up to which text is replaced; the cursor where absent. */
  readonly to?: number;
  readonly suggestions: readonly Suggestion[];
  /** Whether what is typed next may find others. */
  readonly more?: boolean;
}

/** A list longer than this is slower to filter than to type. */
const MOST_COLUMNS = 2000;

/**
 * What may be written at `offset`: in comments nothing; in strings the name of a ref in AT (VERSION => '…'), and values
 * of the column that the string is compared with.
 */
export function complete(text: string, offset: number, facts: LanguageFacts): Completion {
  const last = [...tokenize(text.slice(0, offset))].at(-1);
  if (last?.kind === 'string' && last.open && isVersion(text, last.start))
    return { from: last.start + 1, suggestions: refSuggestions(facts) };
  if (text.charAt(offset - 1) === '$' || last?.kind === 'parameter')
    return { from: text.lastIndexOf('$', offset - 1), suggestions: parameters(facts) };
  const values = valueSuggestions(text, offset, facts);
  if (values !== null && last?.kind === 'string') return values;
  const quiet = last?.open === true || ['comment', 'string', 'number'].includes(last?.kind ?? '');
  if (quiet) return { from: offset, suggestions: [] };

  const word = last?.kind === 'word' ? text.slice(last.start, last.end) : '';
  const from = offset - word.length;
  const cursor = cursorAt(text, offset);
  const path = pathBefore(cursor, word.length);
  if (path.length > 0) return { from, suggestions: afterDot(path, cursor, facts) };
  const clause = clauseAt(cursor, word.length);
  const suggestions = suggestionsIn(clause, cursor, facts, text.charAt(offset) === '(');
  if (values === null) return { from, suggestions };
  return { from, suggestions: [...values.suggestions, ...suggestions], more: values.more };
}

function suggestionsIn(clause: Clause, cursor: Cursor, facts: LanguageFacts, called: boolean): Suggestion[] {
  if (clause === 'table') return [...ctes(cursor, facts), ...tables(facts.tables, 0)];
  if (clause === 'after-table') return keywords(AFTER_TABLE_KEYWORDS, 0);
  if (clause === 'start')
    return [...keywords(SQL_KEYWORDS, 0), ...templates(facts, 1), ...tables(facts.tables, 4)];
  if (clause === 'version') return refSuggestions(facts, true);
  const inScope = columnsInScope(cursor, facts);
  return [
    ...(inScope.length > 0 ? inScope : [...columnsOfCtes(cursor, facts), ...columnsAnywhere(facts.tables)]),
    ...(clause === 'after-select' ? outputAliases(cursor) : []),
    ...sourceNames(cursor),
    ...keywords(SQL_KEYWORDS, 2),
    ...functions(facts.functions, called),
    ...ctes(cursor, facts).map((each) => ({ ...each, rank: 4 })),
    ...templates(facts, 5),
    ...tables(facts.tables, 4),
  ];
}

/** Whether the string that begins here is the version of an AT clause. */
function isVersion(text: string, start: number): boolean {
  return /\bat\s*\(\s*version\s*=>\s*$/i.test(text.slice(0, start));
}

/** The names before the word at the cursor, each with a dot behind it. */
function pathBefore({ list, offset }: Cursor, wordLength: number): string[] {
  const start = offset - wordLength;
  let at = list.tokens.findLastIndex((token) => token.end <= start);
  const path: string[] = [];
  while (list.text(at) === '.' && list.isName(at - 1)) {
    path.unshift(list.name(at - 1).text);
    at -= 2;
  }
  return path;
}

function afterDot(path: readonly string[], { core }: Cursor, facts: LanguageFacts): Suggestion[] {
  const dotted = path.join('.');
  const source = core === null || path.length > 1 ? null : sourceNamed(core, dotted);
  const around =
    core === null
      ? undefined
      : coresAround(core).find((each) => source !== null && each.sources.includes(source));
  const members = facts.tables
    .filter((each) => same(each.namespace.join('.'), dotted))
    .map((each) => tableSuggestion(each, each.name, 0));
  if (source !== null && around !== undefined)
    return [...columnsOfSource(source, around.query, facts.tables).columns.map(column(facts)), ...members];
  const table = tableNamed(dotted, facts.tables);
  return [
    ...(table?.columns ?? []).map((each) => column(facts)({ ...each, from: table?.id ?? '' })),
    ...members,
  ];
}

function columnsInScope({ core }: Cursor, facts: LanguageFacts): Suggestion[] {
  if (core === null) return [];
  const seen = new Set<string>();
  return coresAround(core)
    .flatMap((each) =>
      each.sources.flatMap((source) => columnsOfSource(source, each.query, facts.tables).columns),
    )
    .filter(({ name }) => !seen.has(name) && seen.add(name))
    .slice(0, MOST_COLUMNS)
    .map(column(facts));
}

/** Before there is a FROM: what the statement has just defined is likely to be read. */
function columnsOfCtes(cursor: Cursor, facts: LanguageFacts): Suggestion[] {
  return visibleCtes(cursor.core?.query ?? cursor.query, cursor.offset).flatMap((cte) =>
    columnsOfCte(cte, facts.tables).columns.map(column(facts)),
  );
}

/** Before there is a FROM: the columns of all tables, each name once, after everything else. */
function columnsAnywhere(all: readonly CompletionTable[]): Suggestion[] {
  const byName = new Map<string, { readonly type: string; readonly tables: string[] }>();
  for (const table of all) {
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

function column(facts: LanguageFacts) {
  return ({ name, sqlType, from }: ResolvedColumn): Suggestion => {
    const doc = facts.tables.find(({ id }) => id === from)?.columns.find((each) => each.name === name)?.doc;
    return {
      kind: 'column',
      label: name,
      insert: displayIdentifier(name),
      detail: [sqlType === null ? '' : typeText(sqlType), from].filter((each) => each !== '').join(' · '),
      ...(doc === undefined ? {} : { about: doc }),
      rank: 0,
    };
  };
}

/** Names that the SELECT list gives, for the clauses that are read after it. */
function outputAliases({ core }: Cursor): Suggestion[] {
  return (core?.outputs ?? []).flatMap((output) =>
    output.kind === 'star' || output.alias === null
      ? []
      : [
          {
            kind: 'column' as const,
            label: output.alias.text,
            insert: displayIdentifier(output.alias.text),
            detail: 'of this SELECT',
            rank: 0,
          },
        ],
  );
}

function sourceNames({ core }: Cursor): Suggestion[] {
  if (core === null) return [];
  return coresAround(core).flatMap(({ sources }) =>
    sources.flatMap((source) => {
      const name = sourceName(source);
      const table = source.path.map(({ text }) => text).join('.');
      if (name === null) return [];
      return [
        {
          kind: 'table' as const,
          label: name,
          insert: displayIdentifier(name),
          detail: name === table ? '' : table,
          rank: 1,
        },
      ];
    }),
  );
}

function ctes(cursor: Cursor, facts: LanguageFacts): Suggestion[] {
  return visibleCtes(cursor.core?.query ?? cursor.query, cursor.offset).map((cte) => ({
    kind: 'table',
    label: cte.name.text,
    insert: displayIdentifier(cte.name.text),
    detail: 'of this statement',
    about: columnsOfCte(cte, facts.tables)
      .columns.map(({ name }) => name)
      .join(', '),
    rank: 0,
  }));
}

function tables(all: readonly CompletionTable[], rank: number): Suggestion[] {
  const namespaces = [...new Set(all.map((table) => table.namespace.join('.')))].filter(
    (name) => name !== '',
  );
  return [
    ...all.map((table) => tableSuggestion(table, table.id, rank)),
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
  return {
    kind: 'table',
    label,
    insert,
    detail: kindText(table),
    ...(table.comment === undefined ? {} : { about: table.comment }),
    rank,
  };
}

function functions(all: readonly SqlFunction[], called: boolean): Suggestion[] {
  return all.map((each) => {
    const takesNone = each.signatures.every(
      ({ parameters, varargs }) => parameters.length === 0 && varargs === undefined,
    );
    return {
      kind: 'function',
      label: each.name,
      insert: called ? each.name : `${each.name}(${takesNone ? ')$0' : '$0)'}`,
      ...(called ? {} : { snippet: true as const }),
      detail: returnsText(each),
      signature: argumentsText(each),
      about: functionAbout(each),
      rank: 3,
    };
  });
}

function parameters({ parameters: all }: LanguageFacts): Suggestion[] {
  return all.map(({ name, value }) => ({
    kind: 'parameter',
    label: `$${name}`,
    insert: `$${name}`,
    detail: value,
    rank: 0,
  }));
}

function keywords(words: readonly string[], rank: number): Suggestion[] {
  return words.map((name) => ({ kind: 'keyword', label: name, insert: name, detail: '', rank }));
}

function refSuggestions({ refs }: LanguageFacts, quote = false): Suggestion[] {
  return refs.map(({ name, kind }) => ({
    kind: 'ref',
    label: name,
    insert: quote ? `'${name.replaceAll("'", "''")}'` : name.replaceAll("'", "''"),
    detail: kind,
    rank: 0,
  }));
}

function kindText(table: CompletionTable): string {
  if (table.local) return 'local file';
  if (table.view) return 'view';
  return table.cell === undefined ? rowsText(table) : 'cell';
}
