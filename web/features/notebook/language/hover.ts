import { columnsOfCte, columnsOfSource } from '#shared/sql/scope/resolve.ts';
import { rowsText } from '#web/lib/format/row-counts.ts';
import { cursorAt } from './cursor.ts';
import { signatureText, typeText } from './function-text.ts';
import type { LanguageFacts } from './language-facts.ts';
import { meaningAt, type Meaning } from './meaning.ts';

export interface Hover {
  /** UTF-16 offsets of the name in the text. */
  readonly start: number;
  readonly end: number;
  /** SQL to be shown as such. */
  readonly code: string;
  /** Plain sentences below it. */
  readonly text: readonly string[];
}

/** As many columns as can be read at a glance. */
const MOST_COLUMNS = 14;
const MOST_SIGNATURES = 5;

/** What the name at a place is; null where there is nothing to say of it. */
export function hoverAt(text: string, offset: number, facts: LanguageFacts): Hover | null {
  const cursor = cursorAt(text, offset);
  const named = meaningAt(cursor, facts);
  if (named === null) return null;
  const { name, meaning } = named;
  return {
    start: cursor.start + name.start,
    end: cursor.start + name.end,
    ...describe(meaning, facts),
  };
}

function describe(meaning: Meaning, facts: LanguageFacts): Pick<Hover, 'code' | 'text'> {
  switch (meaning.kind) {
    case 'table': {
      const { id, columns, comment, cell, local, view } = meaning.table;
      const rows = view ? 'View.' : rowsText(meaning.table);
      return {
        code: `${id}${listed(columns.map(({ name, sqlType }) => ({ name, type: typeText(sqlType) })))}`,
        text: [
          ...(comment === undefined ? [] : [comment]),
          ...(local ? [] : [cell === undefined ? rows : 'Cell of this notebook.']),
        ],
      };
    }
    case 'cte': {
      const { columns, complete } = columnsOfCte(meaning.cte, facts.tables);
      return {
        code: `${meaning.cte.name.text}${listed(columns.map(named), complete)}`,
        text: ['Common table expression of this statement.'],
      };
    }
    case 'alias': {
      const { source, core } = meaning;
      const { columns, complete } = columnsOfSource(source, core.query, facts.tables);
      const of = source.path.map(({ text }) => text).join('.');
      return {
        code: `${source.alias?.text ?? of}${listed(columns.map(named), complete)}`,
        text: [of === '' ? 'Alias of a subquery.' : `Alias of ${of}.`],
      };
    }
    case 'column': {
      const { name, sqlType, from } = meaning.column;
      return {
        code: sqlType === null ? name : `${name} ${typeText(sqlType)}`,
        text: [
          ...(meaning.doc === undefined ? [] : [meaning.doc]),
          ...(from === '' ? [] : [`Column of ${from}.`]),
        ],
      };
    }
    case 'function': {
      const { name, signatures, description, examples } = meaning.function;
      const shown = signatures.slice(0, MOST_SIGNATURES).map((each) => signatureText(name, each));
      const more = signatures.length - shown.length;
      return {
        code: [...shown, ...(more > 0 ? [`-- and ${more} more`] : [])].join('\n'),
        text: [
          ...(description === undefined ? [] : [description]),
          ...(examples[0] === undefined ? [] : [`Example: ${examples[0]}`]),
        ],
      };
    }
  }
}

function named({ name, sqlType }: { readonly name: string; readonly sqlType: string | null }) {
  return { name, type: sqlType === null ? '' : typeText(sqlType) };
}

function listed(
  columns: readonly { readonly name: string; readonly type: string }[],
  complete = true,
): string {
  if (columns.length === 0) return '';
  const lines = columns.slice(0, MOST_COLUMNS).map(({ name, type }) => `  ${name} ${type}`.trimEnd());
  const more = columns.length - lines.length;
  return ` (\n${[...lines, ...(more > 0 || !complete ? ['  …'] : [])].join('\n')}\n)`;
}
