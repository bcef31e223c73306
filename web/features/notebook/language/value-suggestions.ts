import { parseSqlType } from '#web/lib/format/duckdb-type.ts';
import { countOf } from '#web/lib/format/numbers.ts';
import type { Suggestion } from './complete.ts';
import type { KnownValues, LanguageFacts } from './language-facts.ts';
import { valuePlaceAt, type ValuePlace } from './value-place.ts';

/** Before a quote is written, columns and functions are likely too. */
const MOST_UNQUOTED = 50;

export interface ValueSuggestions {
  readonly from: number;
  /** UTF-16 offset up to which text is replaced: behind the quote that closes the value, where one does. */
  readonly to: number;
  readonly suggestions: readonly Suggestion[];
  /** Whether what is typed next may find others. */
  readonly more: boolean;
}

/** What the column that is compared at a place holds; null where none is. */
export function valueSuggestions(
  text: string,
  offset: number,
  facts: LanguageFacts,
): ValueSuggestions | null {
  const place = valuePlaceAt(text, offset, facts.tables);
  if (place === null) return null;
  const { from, quoted, typed, column } = place;
  const to = quoted && text.charAt(offset) === "'" && text.charAt(offset + 1) !== "'" ? offset + 1 : offset;
  const { kind } = parseSqlType(column.sqlType);
  if (kind === 'boolean' && !quoted) return { from, to, more: false, suggestions: booleans() };
  const known = facts.values?.(place) ?? null;
  // A word that is begun without a quote names a column or a function; a number is one value.
  if (known === null || (!quoted && typed !== '' && kind === 'integer'))
    return { from, to, more: known === null, suggestions: [] };
  const values = quoted ? known.values : known.values.slice(0, MOST_UNQUOTED);
  return {
    from,
    to,
    more: !known.whole,
    suggestions: values.map(({ value, rows }, at) => ({
      kind: 'value',
      label: value === '' ? "''" : value,
      match: value,
      insert: written(value, place),
      detail: countOf(rows, 'row'),
      ...aboutOf(known),
      rank: 0,
      order: `!${String(at).padStart(4, '0')}`,
    })),
  };
}

function written(value: string, { quoted, column }: ValuePlace): string {
  const inside = value.replaceAll("'", "''");
  if (quoted) return `${inside}'`;
  return parseSqlType(column.sqlType).kind === 'integer' ? value : `'${inside}'`;
}

function aboutOf({ about }: KnownValues): { readonly about?: string } {
  return about === undefined ? {} : { about };
}

function booleans(): Suggestion[] {
  return ['true', 'false'].map((name, at) => ({
    kind: 'value',
    label: name,
    insert: name,
    detail: '',
    rank: 0,
    order: `!${at}`,
  }));
}
