import { cursorAt } from './cursor.ts';
import type { LanguageFacts } from './language-facts.ts';
import { meaningAt, occurrencesOf } from './meaning.ts';

/** Where a name comes from: a place in the same text, or a table of the catalog. */
export type Definition =
  | { readonly kind: 'place'; readonly start: number; readonly end: number }
  | { readonly kind: 'table'; readonly id: string };

export function definitionAt(text: string, offset: number, facts: LanguageFacts): Definition | null {
  const cursor = cursorAt(text, offset);
  const meaning = meaningAt(cursor, facts)?.meaning;
  const place = (name: { start: number; end: number } | null): Definition | null =>
    name === null ? null : { kind: 'place', start: cursor.start + name.start, end: cursor.start + name.end };
  if (meaning?.kind === 'cte') return place(meaning.cte.name);
  if (meaning?.kind === 'alias') return place(meaning.source.alias);
  if (meaning?.kind === 'table') return { kind: 'table', id: meaning.table.id };
  const from = meaning?.kind === 'column' ? meaning.column.from : '';
  const table = facts.tables.find(({ id }) => id === from);
  return table === undefined ? null : { kind: 'table', id: table.id };
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
