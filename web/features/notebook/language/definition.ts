import { cursorAt } from './cursor.ts';
import type { LanguageFacts } from './language-facts.ts';
import { meaningAt, occurrencesOf } from './meaning.ts';

/** Where a name comes from: a place in the same text, another cell, or a table of the catalog. */
export type Definition =
  | { readonly kind: 'place'; readonly start: number; readonly end: number }
  | { readonly kind: 'table'; readonly id: string }
  | { readonly kind: 'cell'; readonly id: string };

export function definitionAt(text: string, offset: number, facts: LanguageFacts): Definition | null {
  const cursor = cursorAt(text, offset);
  const meaning = meaningAt(cursor, facts)?.meaning;
  const place = (name: { start: number; end: number } | null): Definition | null =>
    name === null ? null : { kind: 'place', start: cursor.start + name.start, end: cursor.start + name.end };
  if (meaning?.kind === 'cte') return place(meaning.cte.name);
  if (meaning?.kind === 'alias') return place(meaning.source.alias);
  const from = meaning?.kind === 'column' ? meaning.column.from : '';
  const table = meaning?.kind === 'table' ? meaning.table : facts.tables.find(({ id }) => id === from);
  if (table === undefined || table.local || table.view) return null;
  return table.cell === undefined ? { kind: 'table', id: table.id } : { kind: 'cell', id: table.cell };
}

export interface Occurrence {
  readonly start: number;
  readonly end: number;
}

/** The places to change when a common table expression or an alias gets another name; null where it is neither. */
export function renamePlaces(
  text: string,
  offset: number,
  facts: LanguageFacts,
): readonly Occurrence[] | null {
  const cursor = cursorAt(text, offset);
  const meaning = meaningAt(cursor, facts)?.meaning;
  if (meaning?.kind !== 'cte' && meaning?.kind !== 'alias') return null;
  return occurrencesOf(meaning, cursor, facts).map(({ start, end }) => ({
    start: cursor.start + start,
    end: cursor.start + end,
  }));
}
