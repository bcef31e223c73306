import type { Cell } from '../contract/notebooks.ts';
import { isRelationCell } from './named-cells.ts';

/** Ids of two versions of one cell, which two have written at once. */
export interface DoubledCell {
  readonly first: string;
  readonly second: string;
}

/** Cells that stand twice. Where one of the two is gone, there is nothing to be decided any more. */
export function doubledCells(cells: readonly Cell[]): readonly DoubledCell[] {
  const ids = new Set(cells.map(({ id }) => id));
  return cells.flatMap(({ id, otherOf }) =>
    otherOf !== undefined && ids.has(otherOf) ? [{ first: otherOf, second: id }] : [],
  );
}

/** A cell as the other version of one that stays what it was: a name belongs to one cell. */
export function asOtherOf(cell: Cell, first: string, id: string): Cell {
  const copy: Cell = { ...cell, id, otherOf: first };
  if (isRelationCell(copy)) delete copy.name;
  return copy;
}

/** Whether a version is what a cell said: its text, or what else there is to it. */
export function isVersionOf(version: Cell | undefined, cell: Cell | undefined): boolean {
  return version !== undefined && cell !== undefined && said(version) === said(cell);
}

function said(cell: Cell): string {
  const rest: Record<string, unknown> = { ...cell };
  for (const key of ['id', 'otherOf', 'collapsed', ...(isRelationCell(cell) ? ['name'] : [])])
    delete rest[key];
  return JSON.stringify(Object.entries(rest).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The cells with one version of a doubled one, under the id and the name of the first; or with both, each by itself. */
export function decideDoubled(
  cells: readonly Cell[],
  { first, second }: DoubledCell,
  keep: 'first' | 'second' | 'both',
): readonly Cell[] {
  const one = cells.find(({ id }) => id === first);
  const other = cells.find(({ id }) => id === second);
  if (one === undefined || other === undefined) return cells;
  const { otherOf: _, ...alone } = other;
  if (keep === 'both') return cells.map((cell) => (cell === other ? (alone as Cell) : cell));
  const name = 'name' in one ? { name: one.name } : {};
  const of = one.otherOf === undefined ? {} : { otherOf: one.otherOf };
  const kept = keep === 'first' ? one : ({ ...alone, ...name, ...of, id: first } as Cell);
  return cells.flatMap((cell) => (cell === other ? [] : [cell === one ? kept : cell]));
}
