import type { Cell, NotebookContent } from '../contract/notebooks.ts';
import { stringifyJson } from '../util/json.ts';
import { lineDiff, type LineChunk } from './line-diff.ts';

/** What became of one cell between two states of a notebook. */
export interface CellChange {
  readonly kind: 'added' | 'removed' | 'changed' | 'moved';
  readonly cell: Cell;
  /** Lines of its text; what else there is to it as lines of JSON. */
  readonly lines: readonly LineChunk[];
}

/** What is to be seen of the way from one state to another, in the order of the later one; removed cells last. */
export function compareNotebooks(
  before: Pick<NotebookContent, 'cells'>,
  after: { readonly cells: readonly Cell[] },
): CellChange[] {
  const olds = new Map(before.cells.map((cell) => [cell.id, cell]));
  const stay = new Set(after.cells.map(({ id }) => id));
  const rank = new Map(before.cells.filter(({ id }) => stay.has(id)).map(({ id }, index) => [id, index]));
  let highest = -1;
  const changes = after.cells.flatMap((cell): CellChange[] => {
    const old = olds.get(cell.id);
    if (old === undefined) return [{ kind: 'added', cell, lines: [oneSided(cell, 'after')] }];
    const place = rank.get(cell.id) ?? 0;
    const moved = place < highest;
    highest = Math.max(highest, place);
    const lines = lineDiff(shownText(old), shownText(cell));
    if (lines.some(({ same }) => !same)) return [{ kind: 'changed', cell, lines }];
    return moved ? [{ kind: 'moved', cell, lines: [] }] : [];
  });
  const removed = before.cells
    .filter(({ id }) => !stay.has(id))
    .map((cell): CellChange => ({
      kind: 'removed',
      cell,
      lines: [oneSided(cell, 'before')],
    }));
  return [...changes, ...removed];
}

function withoutPin<C extends { pin?: unknown }>({ pin: _pin, ...rest }: C): Omit<C, 'pin'> {
  return rest;
}

/** The lines of a cell that one side alone has: none of an empty one. */
function oneSided(cell: Cell, side: 'before' | 'after'): LineChunk {
  const lines = shownText(cell).split('\n');
  const chunk = { same: false, before: [], after: [] };
  return { ...chunk, [side]: lines.every((line) => line === '') ? [] : lines };
}

/** What is to be seen of a cell, as text. */
export function shownText(cell: Cell): string {
  const { id: _id, collapsed: _collapsed, otherOf: _otherOf, ...shown } = cell;
  if (shown.kind !== 'sql' && shown.kind !== 'markdown')
    return Object.entries(shown)
      .map(([key, value]) => `${key}: ${stringifyJson(value)}`)
      .join('\n');
  const { source, kind: _kind, ...rest } = shown.kind === 'sql' ? withoutPin(shown) : shown;
  const about = Object.entries(rest).filter(
    ([key, value]) => value !== undefined && !(key === 'view' && value === 'grid'),
  );
  return [...about.map(([key, value]) => `${key}: ${stringifyJson(value)}`), source].join('\n');
}
