import type { TableDiff } from '#shared/contract/diff.ts';
import type { ResultColumn } from '#shared/contract/plan.ts';
import { stringifyJson } from '#shared/util/json.ts';
import type { ToneOf } from '#web/components/data-grid/cell-tone.ts';
import { cellFormatter, type CellFormatter } from '#web/lib/format/cell.ts';
import { isNumeric, parseSqlType } from '#web/lib/format/duckdb-type.ts';
import type { CellValue, ResultTable } from '#web/lib/result-table.ts';

type DiffRow = TableDiff['rows'][number];

export interface DiffLines {
  readonly table: ResultTable;
  readonly toneOf: ToneOf;
}

/** How a changed row is shown: on one line with "old → new" in its cells, or as it was above as it is. */
export type ChangedAs = 'one-line' | 'two-lines';

interface DiffLinesInput {
  readonly columns: readonly ResultColumn[];
  /** Names of columns that say which row is which: they stand first. */
  readonly keys: readonly string[];
  readonly rows: readonly DiffRow[];
  readonly changedAs: ChangedAs;
  /** Only these columns besides the keys; all where undefined. */
  readonly only?: ReadonlySet<string> | undefined;
}

type Mark = '+ added' | '− removed' | '~ changed' | '− before' | '+ after';

interface Line {
  readonly mark: Mark;
  readonly count: string;
  readonly values: readonly CellValue[];
  /** By column of the line: the other side has another value there. */
  readonly differs: readonly boolean[];
}

/** Rows that differ as lines of a grid: what happened in a word first, then the keys, then the other columns. */
export function diffLines({ columns, keys, rows, changedAs, only }: DiffLinesInput): DiffLines {
  const many = rows.some(({ count }) => count !== '1');
  const lead: ResultColumn[] = [
    { name: 'change', type: 'VARCHAR' },
    ...(many ? [{ name: 'times', type: 'BIGINT' }] : []),
  ];
  const isKey = (index: number) => keys.includes(columns[index]?.name ?? '');
  const places = columns.map((_, index) => index);
  const shown = [
    ...places.filter(isKey),
    ...places.filter((at) => !isKey(at) && only?.has(columns[at]?.name ?? '') !== false),
  ].flatMap((index) => {
    const column = columns[index];
    return column === undefined
      ? []
      : [{ index, column, read: cellReader(column), formatter: cellFormatter(column) }];
  });
  const linesOf = changedAs === 'one-line' ? onOneLine : onTwoLines;
  const lines = rows.flatMap((row) =>
    row.kind === 'changed' ? linesOf(row, shown) : [wholeLine(row, shown)],
  );
  return {
    table: {
      columns: [...lead, ...shown.map(({ column }) => column)],
      rowCount: lines.length,
      value(row, column) {
        const line = lines[row];
        if (line === undefined) return null;
        if (column === 0) return line.mark;
        if (many && column === 1) return BigInt(line.count);
        return line.values[column - lead.length] ?? null;
      },
    },
    toneOf(row, column) {
      const line = lines[row];
      if (line === undefined) return undefined;
      const tone = TONES[line.mark];
      if (line.mark === '+ added' || line.mark === '− removed' || column === 0) return tone;
      return line.differs[column - lead.length] === true ? 'warn' : undefined;
    },
  };
}

const TONES = {
  '+ added': 'good',
  '+ after': 'good',
  '− removed': 'bad',
  '− before': 'bad',
  '~ changed': 'warn',
} as const;

interface ShownColumn {
  readonly index: number;
  readonly column: ResultColumn;
  readonly read: CellReader;
  readonly formatter: CellFormatter;
}

type CellReader = (value: unknown) => CellValue;

function sideOf(row: readonly unknown[] | null, shown: readonly ShownColumn[]): CellValue[] {
  return shown.map(({ index, read }) => read(row?.[index] ?? null));
}

function wholeLine({ kind, count, before, after }: DiffRow, shown: readonly ShownColumn[]): Line {
  return kind === 'added'
    ? { mark: '+ added', count, values: sideOf(after, shown), differs: [] }
    : { mark: '− removed', count, values: sideOf(before, shown), differs: [] };
}

function onTwoLines({ count, before, after }: DiffRow, shown: readonly ShownColumn[]): Line[] {
  const [was, is] = [sideOf(before, shown), sideOf(after, shown)];
  const differs = was.map((value, at) => value !== is[at]);
  return [
    { mark: '− before', count, values: was, differs },
    { mark: '+ after', count, values: is, differs },
  ];
}

function onOneLine({ count, before, after }: DiffRow, shown: readonly ShownColumn[]): Line[] {
  const [was, is] = [sideOf(before, shown), sideOf(after, shown)];
  const differs = was.map((value, at) => value !== is[at]);
  const said = (column: ShownColumn, value: CellValue) =>
    value === null ? 'NULL' : column.formatter.text(value);
  const values = shown.map((column, at) => {
    const [old = null, now = null] = [was[at], is[at]];
    return differs[at] === true ? `${said(column, old)} → ${said(column, now)}` : now;
  });
  return [{ mark: '~ changed', count, values, differs }];
}

/** Values as the API's JSON has them: what is more than 53 bits, and times, are text. Text is shown as it is. */
function cellReader({ type }: ResultColumn): CellReader {
  const parsed = parseSqlType(type);
  const integer = isNumeric(parsed) && parsed.kind === 'integer';
  return (value) => {
    if (value === null || value === undefined) return null;
    if (typeof value === 'string') return integer && /^-?\d+$/.test(value) ? BigInt(value) : value;
    if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') return value;
    return stringifyJson(value);
  };
}
