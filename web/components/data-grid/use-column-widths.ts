import { useCallback, useMemo, useState } from 'react';
import type { CellFormatter } from '#web/lib/format/cell.ts';
import type { ResultTable } from '#web/lib/result-table.ts';
import { createColumnLayout, type ColumnLayout } from './column-layout.ts';
import {
  MAX_WIDTH,
  MIN_WIDTH,
  fitColumn,
  measureColumns,
  measureFractions,
  sampleRows,
  textMeasure,
  type TextMeasure,
} from './column-widths.ts';

interface ColumnWidths {
  readonly layout: ColumnLayout;
  /** Characters from the decimal point on that a column leaves room for. */
  readonly fractions: readonly number[];
  readonly resize: (column: number, width: number) => void;
  /** Fits the column to its name and to a sample of values, those in view among them. */
  readonly fit: (column: number, firstRow: number, lastRow: number) => void;
}

/**
 * Widths measured from the values, until a person changes one. Such a width stays with the column's name and type,
 * so that running a query again does not take it back.
 */
export function useColumnWidths(table: ResultTable, formatters: readonly CellFormatter[]): ColumnWidths {
  const [chosen, setChosen] = useState<ReadonlyMap<string, number>>(new Map());
  const measured = useMemo(() => measureColumns(table, formatters, gridMeasure()), [table, formatters]);
  const fractions = useMemo(() => measureFractions(table, formatters), [table, formatters]);
  const layout = useMemo(
    () => createColumnLayout(measured.map((width, column) => chosen.get(keyOf(table, column)) ?? width)),
    [table, measured, chosen],
  );
  const resize = useCallback(
    (column: number, width: number) =>
      setChosen((current) =>
        new Map(current).set(
          keyOf(table, column),
          Math.round(Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, width))),
        ),
      ),
    [table],
  );
  const fit = useCallback(
    (column: number, firstRow: number, lastRow: number) => {
      const rows = sampleRows(table.rowCount);
      for (let row = firstRow; row <= lastRow; row++) rows.push(row);
      resize(column, fitColumn(table, formatters, column, rows, gridMeasure()));
    },
    [table, formatters, resize],
  );
  return { layout, fractions, resize, fit };
}

function keyOf(table: ResultTable, column: number): string {
  const info = table.columns[column];
  return `${column} ${info?.name ?? ''} ${info?.type ?? ''}`;
}

function gridMeasure(): TextMeasure {
  const fonts = getComputedStyle(document.documentElement);
  const mono = fonts.getPropertyValue('--font-code') || 'monospace';
  const ui = fonts.getPropertyValue('--font-ui') || 'sans-serif';
  return textMeasure(`12px ${mono}`, `500 12px ${ui}`);
}
