import type { CellFormatter } from '#web/lib/format/cell.ts';
import { formatNested } from '#web/lib/format/nested.ts';
import { countOf } from '#web/lib/format/numbers.ts';
import { sqlLiteral } from '#web/lib/format/sql-literal.ts';
import type { CellValue, ResultTable } from '#web/lib/result-table.ts';
import { copiedRows, isOneCell, type CopiedText } from './copy.ts';
import type { Range } from './selection.ts';

export type CopyFormat = 'json' | 'csv' | 'markdown' | 'in-list';

/** The range in another form; each value is as exact as the engine gave it, and escaped as the form wants it. */
export function copyAs(
  format: CopyFormat,
  table: ResultTable,
  formatters: readonly CellFormatter[],
  range: Range,
): CopiedText {
  const { first, rows, columns, cut, note: away } = copiedRows(table, range);
  const writer = WRITERS[format]({
    names: columns.map((column) => table.columns[column]?.name ?? ''),
    formatters: columns.flatMap((column) => formatters[column] ?? []),
    one: isOneCell(range),
  });
  for (let row = first; row < first + rows; row++) {
    writer.row(columns.map((column) => table.value(row, column)));
  }
  const note = writer.note?.() ?? away;
  return {
    text: writer.end(),
    rows,
    columns: columns.length,
    cut,
    ...(note === undefined ? {} : { note }),
  };
}

interface Copied {
  readonly names: readonly string[];
  readonly formatters: readonly CellFormatter[];
  /** A single cell. */
  readonly one: boolean;
}

interface RowWriter {
  row(values: readonly CellValue[]): void;
  end(): string;
  note?(): string | undefined;
}

const WRITERS: Readonly<Record<CopyFormat, (copied: Copied) => RowWriter>> = {
  json: jsonWriter,
  csv: csvWriter,
  markdown: markdownWriter,
  'in-list': listWriter,
};

/** A list of objects, one a line; of a single cell its value alone. Digits are never rounded. */
function jsonWriter({ names, formatters, one }: Copied): RowWriter {
  const keys = differentNames(names).map((name) => JSON.stringify(name));
  const objects: string[] = [];
  let bare = '';
  return {
    row: (values) => {
      const parts = values.map((value, at) => jsonOf(value, formatters[at]));
      if (one) bare = parts[0] ?? 'null';
      else objects.push(`{${parts.map((part, at) => `${keys[at] ?? ''}: ${part}`).join(', ')}}`);
    },
    end: () => (one ? bare : `[\n${objects.join(',\n')}\n]`),
  };
}

function jsonOf(value: CellValue, formatter: CellFormatter | undefined): string {
  if (formatter === undefined) return 'null';
  // JSON in the table is JSON in the text, with the digits that it was written with.
  if (typeof value === 'string' && formatter.type.name.toUpperCase() === 'JSON' && isJson(value))
    return value.trim();
  return formatNested(value, formatter.type, { utc: true });
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** An object has each name once; what is there again gets a number, as DuckDB does it. */
function differentNames(names: readonly string[]): readonly string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    let free = name;
    for (let at = 1; taken.has(free); at++) free = `${name}_${at}`;
    taken.add(free);
    return free;
  });
}

/** As RFC 4180 has it, with names; an empty text is "", so that it is not taken for NULL. */
function csvWriter({ names, formatters }: Copied): RowWriter {
  const lines = [names.map(csvField).join(',')];
  return {
    row: (values) =>
      void lines.push(
        values
          .map((value, at) => (value === null ? '' : csvField(formatters[at]?.plain(value) ?? '')))
          .join(','),
      ),
    end: () => lines.join('\n'),
  };
}

function csvField(text: string): string {
  return text === '' || /[",\n\r]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A table of GitHub's Markdown; NULL stands in italics, which no value can. */
function markdownWriter({ names, formatters }: Copied): RowWriter {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const lines = [
    line(names.map(markdownText)),
    line(formatters.map(({ align }) => (align === 'right' ? '---:' : '---'))),
  ];
  return {
    row: (values) =>
      void lines.push(
        line(
          values.map((value, at) =>
            value === null ? '*NULL*' : markdownText(formatters[at]?.plain(value) ?? ''),
          ),
        ),
      ),
    end: () => lines.join('\n'),
  };
}

/** What Markdown would read as its own is escaped; inside words a _ means nothing to it. */
function markdownText(text: string): string {
  return text
    .replace(/[\\`*[\]<>|~]|&(?=#?\w+;)|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\\$&')
    .replace(/\r\n|[\n\r]/g, '<br>');
}

/** Each value once, as what stands behind IN; of several columns the values of a row together. */
function listWriter({ formatters }: Copied): RowWriter {
  const items = new Set<string>();
  let nulls = 0;
  return {
    row: (values) => {
      // A comparison with NULL is never true: in a list it would only mislead, and with NOT IN take away all rows.
      if (values.includes(null)) {
        nulls += 1;
        return;
      }
      const literals = values.map((value, at) => {
        const type = formatters[at]?.type;
        return type === undefined ? 'NULL' : sqlLiteral(value, type);
      });
      items.add(literals.length === 1 ? (literals[0] ?? '') : `(${literals.join(', ')})`);
    },
    end: () => `(${items.size === 0 ? 'NULL' : [...items].join(', ')})`,
    note: () =>
      nulls === 0
        ? undefined
        : `${countOf(nulls, 'row')} with NULL ${nulls === 1 ? 'is' : 'are'} not in the list: nothing equals NULL.`,
  };
}
