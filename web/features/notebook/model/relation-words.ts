import type { InputCell } from '#shared/contract/notebooks.ts';
import { inputParameters } from '#shared/notebook/cell-sql.ts';
import type { RelationCell } from '#shared/notebook/named-cells.ts';
import { chartRows, valueColumn } from '#shared/notebook/relation-sql.ts';

/** What the name of a cell is good for, and what others find there; without one, that it can have one. */
export function relationWords(cell: RelationCell | InputCell): string {
  const { name } = cell;
  if (name === undefined) return 'A named cell is a relation: other cells can query it';
  switch (cell.kind) {
    case 'metric':
      return `Other cells read its one row by FROM ${name}`;
    case 'pivot':
      return `Other cells read its groups by FROM ${name}: one row each, their figure in ${valueColumn(cell)}, without totals`;
    case 'chart':
      return `Other cells read ${CHART_WORDS[chartRows(cell.chart)]} by FROM ${name}`;
    case 'input':
      return `SQL reads it by ${inputParameters([cell])
        .map((parameter) => `$${parameter.name}`)
        .join(' and ')}, text by {{${name}}}`;
    case 'sql':
      return `Other cells read this one by FROM ${name}`;
  }
}

const CHART_WORDS = {
  all: 'all rows that it is drawn from',
  points: 'the rows that it is drawn from, with the columns that it shows,',
  groups: 'its groups – all of them, times as they are where no unit is chosen –',
} as const;
