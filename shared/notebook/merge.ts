import type { Cell, NotebookContent } from '../contract/notebooks.ts';
import { stringifyJson } from '../util/json.ts';
import { asOtherOf, type DoubledCell } from './doubled-cells.ts';
import { mergeText } from './line-diff.ts';

type Content = Readonly<Omit<NotebookContent, 'cells'>> & { readonly cells: readonly Cell[] };

export interface MergedNotebook {
  readonly content: Content;
  /** Cells that both changed at the same place: mine, which keeps its id, and theirs right below, which says of what. */
  readonly both: readonly DoubledCell[];
}

/**
 * A notebook that two have changed since `base`, with what both did. Cells are told by their ids. A cell that one side
 * deleted and the other changed stays; text that both changed is merged by lines, and where that can't be both
 * versions stay. Nothing that was written is lost.
 *
 * @param copyId makes the id of a copy
 */
export function mergeNotebooks(
  base: Content,
  mine: Content,
  theirs: Content,
  copyId: () => string,
): MergedNotebook {
  const find = (content: Content) => new Map(content.cells.map((cell) => [cell.id, cell]));
  const [olds, ours, others] = [find(base), find(mine), find(theirs)];
  const both: DoubledCell[] = [];
  const cells = mergedOrder(base, mine, theirs).flatMap((id): Cell[] => {
    const [old, our, other] = [olds.get(id), ours.get(id), others.get(id)];
    if (our === undefined || other === undefined) {
      const left = our ?? other;
      if (left === undefined) return [];
      // Deleted on one side: gone, unless the other side has worked on it since.
      return old !== undefined && same(old, left) ? [] : [left];
    }
    const merged = mergeCell(old, our, other);
    if (merged !== null) return [merged];
    const copy = asOtherOf(other, our.id, copyId());
    both.push({ first: our.id, second: copy.id });
    return [our, copy];
  });
  const pick = <T>(old: T, our: T, other: T): T => (our === old ? other : our);
  const folder = pick(base.folder, mine.folder, theirs.folder);
  const mode = pick(base.mode, mine.mode, theirs.mode);
  const content = {
    title: pick(base.title, mine.title, theirs.title),
    cells,
    ...(folder === undefined ? {} : { folder }),
    ...(mode === undefined ? {} : { mode }),
  };
  return { content, both };
}

function mergeCell(old: Cell | undefined, our: Cell, other: Cell): Cell | null {
  if (same(our, other)) return our;
  if (old === undefined) return null;
  if (same(our, old)) return other;
  if (same(other, old)) return our;
  const keys = [...new Set([...Object.keys(our), ...Object.keys(other), ...Object.keys(old)])];
  const [was, now, then] = [old, our, other] as unknown as Record<string, unknown>[];
  if (was === undefined || now === undefined || then === undefined || our.kind !== other.kind) return null;
  const merged: Record<string, unknown> = {};
  for (const key of keys) {
    const value = mergeValue(key, was[key], now[key], then[key]);
    if (value === CONFLICT) return null;
    if (value !== undefined) merged[key] = value;
  }
  return merged as unknown as Cell;
}

const CONFLICT = Symbol('both changed it');

function mergeValue(key: string, old: unknown, our: unknown, other: unknown): unknown {
  if (same(our, other) || same(other, old)) return our;
  if (same(our, old)) return other;
  // How a result is looked at is no work that could be lost.
  if (key === 'view' || key === 'collapsed' || key === 'chart') return our;
  if (key !== 'source' || typeof old !== 'string' || typeof our !== 'string' || typeof other !== 'string')
    return CONFLICT;
  return mergeText(old, our, other) ?? CONFLICT;
}

/** Their order, unless only mine changed; what only one side has stands after what it stood after there. */
function mergedOrder(base: Content, mine: Content, theirs: Content): string[] {
  const ids = (content: Content) => content.cells.map(({ id }) => id);
  const common = new Set(ids(mine).filter((id) => ids(theirs).includes(id)));
  const only = (list: readonly string[]) => list.filter((id) => common.has(id)).join('\n');
  const theyMoved = only(ids(theirs)) !== only(ids(base).filter((id) => common.has(id)));
  const [first, second] = theyMoved ? [ids(theirs), ids(mine)] : [ids(mine), ids(theirs)];
  const order = [...first];
  for (const [index, id] of second.entries()) {
    if (order.includes(id)) continue;
    const before = second.slice(0, index).findLast((each) => order.includes(each));
    order.splice(before === undefined ? 0 : order.indexOf(before) + 1, 0, id);
  }
  return order;
}

function same(a: unknown, b: unknown): boolean {
  return a === b || canonical(a) === canonical(b);
}

function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return stringifyJson(value) ?? '';
  return stringifyJson(
    Object.entries(value)
      .filter(([, each]) => each !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}
