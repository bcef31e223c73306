import type { TableDiff } from '#shared/contract/diff.ts';
import type { ResultColumn } from '#shared/contract/plan.ts';
import { stringifyJson } from '#shared/util/json.ts';
import type { ToneOf } from '#web/components/data-grid/cell-tone.ts';
import { isNumeric, parseSqlType } from '#web/lib/format/duckdb-type.ts';
import type { CellValue, ResultTable } from '#web/lib/result-table.ts';

type DiffRow = TableDiff['rows'][number];

export interface DiffLines {
  readonly table: ResultTable;
  readonly toneOf: ToneOf;
}

interface Line {
  readonly mark: '+ added' | '− removed' | '− before' | '+ after';
  readonly count: string;
  readonly values: readonly CellValue[];
  /** By column of the table: this value is not that of the other line. */
  readonly differs: readonly boolean[];
}

/** Rows that differ as lines of a grid: what happened in a word first, and a changed row as two lines. */
export function diffLines(columns: readonly ResultColumn[], rows: readonly DiffRow[]): DiffLines {
  const many = rows.some(({ count }) => count !== '1');
  const lead: ResultColumn[] = [
    { name: 'change', type: 'VARCHAR' },
    ...(many ? [{ name: 'times', type: 'BIGINT' }] : []),
  ];
  const read = columns.map(cellReader);
  const lines = rows.flatMap((row) => linesOf(row, read));
  return {
    table: {
      columns: [...lead, ...columns],
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
      const tone = line.mark.startsWith('+') ? 'good' : 'bad';
      if (line.mark === '+ added' || line.mark === '− removed' || column === 0) return tone;
      return line.differs[column - lead.length] === true ? 'warn' : undefined;
    },
  };
}

type CellReader = (value: unknown) => CellValue;

function linesOf({ kind, count, before, after }: DiffRow, read: readonly CellReader[]): Line[] {
  const values = (row: readonly unknown[] | null) => read.map((cell, at) => cell(row?.[at] ?? null));
  const [was, is] = [values(before), values(after)];
  if (kind === 'added') return [{ mark: '+ added', count, values: is, differs: [] }];
  if (kind === 'removed') return [{ mark: '− removed', count, values: was, differs: [] }];
  const differs = was.map((value, at) => value !== is[at]);
  return [
    { mark: '− before', count, values: was, differs },
    { mark: '+ after', count, values: is, differs },
  ];
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
