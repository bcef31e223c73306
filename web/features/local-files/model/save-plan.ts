import type { TableSummary } from '#shared/contract/tables.ts';
import { isTypeText } from '#shared/sql/type-text.ts';
import type { LocalFile, SaveFile } from '#web/duckdb/local/types.ts';

/** A column of a file on its way into a table. */
export interface SavedColumn {
  readonly from: string;
  readonly name: string;
  readonly type: string;
  readonly included: boolean;
}

/** What a person has chosen so far. */
export interface SaveDraft {
  readonly mode: SaveFile['mode'];
  readonly branch: string;
  /** Of a new table. */
  readonly namespace: string;
  readonly name: string;
  /** Id of the table to add to; empty while none is chosen. */
  readonly target: string;
  readonly columns: readonly SavedColumn[];
}

/** Types that are offered beside the column's own. */
const OFFERED = [
  'BOOLEAN',
  'INTEGER',
  'BIGINT',
  'DOUBLE',
  'DECIMAL(18,2)',
  'DATE',
  'TIMESTAMP',
  'TIMESTAMP WITH TIME ZONE',
  'VARCHAR',
];

export function newColumns(file: LocalFile): readonly SavedColumn[] {
  return file.columns.map(({ name, type }) => ({ from: name, name, type, included: true }));
}

/** The columns as the table has them: those that it lacks are left out at first. */
export function columnsFor(file: LocalFile, table: TableSummary): readonly SavedColumn[] {
  const byName = new Map(table.columns.map((column) => [column.name.toLowerCase(), column]));
  return file.columns.map(({ name, type }) => {
    const there = byName.get(name.toLowerCase());
    return {
      from: name,
      name: there?.name ?? name,
      type: there?.sqlType ?? type,
      included: there !== undefined,
    };
  });
}

/** @param own what the file has @param now what is chosen */
export function typeChoices(own: string, now: string): readonly string[] {
  return [...new Set([own, now, ...OFFERED])];
}

/** What keeps the draft from being saved, a sentence; null where nothing does. */
export function draftProblem(draft: SaveDraft, target: TableSummary | undefined): string | null {
  const { mode, namespace, name } = draft;
  const columns = draft.columns.filter(({ included }) => included);
  if (columns.length === 0) return 'Choose a column at least.';
  if (mode === 'append') {
    if (target === undefined) return 'Choose the table.';
    const known = new Set(target.columns.map((column) => column.name.toLowerCase()));
    const extra = columns.find((column) => !known.has(column.name.toLowerCase()));
    return extra === undefined
      ? null
      : `${target.id} has no column ${extra.name}. Leave it out, or give it the name of one that is there.`;
  }
  if (!NAME.test(namespace)) return 'A namespace has letters, digits and _.';
  if (!NAME.test(name)) return 'The table needs a name of letters, digits and _.';
  const names = columns.map((column) => column.name.toLowerCase());
  if (names.includes('')) return 'Every column needs a name.';
  const twice = columns.find((column, at) => names.indexOf(column.name.toLowerCase()) !== at);
  if (twice !== undefined) return `Two columns are called ${twice.name}.`;
  const odd = columns.find(({ type }) => !isTypeText(type));
  return odd === undefined ? null : `${odd.type} is no type for ${odd.name}.`;
}

const NAME = /^[\p{L}_][\p{L}\p{N}_]*$/u;

export function saveOf(draft: SaveDraft): SaveFile {
  const { mode, branch, namespace, name, target } = draft;
  const columns = draft.columns.filter(({ included }) => included);
  return {
    mode,
    branch,
    table: mode === 'create' ? `${namespace}.${name}` : target,
    columns: columns.map(({ from, name: called, type }) => ({ from, name: called, type })),
  };
}
