import type { Cell } from '#shared/contract/notebooks.ts';
import { cellsByName } from '#shared/notebook/graph.ts';
import { isNamedRelation } from '#shared/notebook/named-cells.ts';

/**
 * A cell with nothing in it yet.
 *
 * @param cells that it will stand among: an input is called by a name that none of them has
 */
export function newCell(kind: Cell['kind'], source = '', cells: readonly Cell[] = []): Cell {
  const id = crypto.randomUUID();
  switch (kind) {
    case 'sql':
      return { id, kind, source, view: 'grid' };
    case 'markdown':
      return { id, kind, source };
    case 'input':
      return { id, kind, name: freeName('input', cells), control: { type: 'text', value: '' } };
    case 'metric':
    case 'chart':
      return { id, kind, relation: lastRelation(cells) };
    case 'pivot':
      return {
        id,
        kind,
        relation: lastRelation(cells),
        rows: [],
        columns: [],
        value: { aggregate: 'count' },
      };
  }
}

/** `stem`, or `stem_2` and so on where cells have that name. */
export function freeName(stem: string, cells: readonly Cell[]): string {
  const taken = cellsByName(cells);
  let name = stem;
  for (let count = 2; taken.has(name.toLowerCase()); count += 1) name = `${stem}_${count}`;
  return name;
}

/** A copy of a cell, as a cell of its own: names belong to one cell. */
export function copyOfCell(cell: Cell, cells: readonly Cell[]): Cell {
  const { otherOf: _, ...rest } = cell;
  const copy = { ...rest, id: crypto.randomUUID() } as Cell;
  if (copy.kind === 'input' || isNamedRelation(copy)) return { ...copy, name: freeName(copy.name, cells) };
  return copy;
}

function lastRelation(cells: readonly Cell[]): string {
  const last = cells.findLast((cell) => cell.kind === 'sql' && cell.name !== undefined);
  return last?.kind === 'sql' ? (last.name ?? '') : '';
}
