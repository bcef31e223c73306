import type { RevisionChanges } from '../contract/notebook-history.ts';
import type { NotebookContent } from '../contract/notebooks.ts';
import { shownText } from './compare.ts';
import { givenName } from './named-cells.ts';

/** In a few words what a state of a notebook changed of the one before it. Null where nothing is to be seen of it. */
export function summarizeChanges(before: NotebookContent, after: NotebookContent): RevisionChanges | null {
  const olds = new Map(before.cells.map((cell) => [cell.id, cell]));
  const stay = new Set(after.cells.map(({ id }) => id));
  const changed = after.cells.flatMap((cell, index) => {
    const old = olds.get(cell.id);
    if (old === undefined || old === cell || shownText(old) === shownText(cell)) return [];
    return [givenName(cell) ?? `cell ${index + 1}`];
  });
  const order = (cells: NotebookContent['cells'], others: { has(id: string): boolean }) =>
    cells.map(({ id }) => id).filter((id) => others.has(id));
  const [then, now] = [order(before.cells, stay), order(after.cells, olds)];
  const about: RevisionChanges['about'] = [
    ...(before.title === after.title ? [] : (['title'] as const)),
    ...(before.folder === after.folder ? [] : (['folder'] as const)),
    ...((before.mode ?? 'auto') === (after.mode ?? 'auto') ? [] : (['reruns'] as const)),
    ...(then.every((id, at) => id === now[at]) ? [] : (['order'] as const)),
  ];
  const added = after.cells.length - now.length;
  const removed = before.cells.length - then.length;
  if (about.length + changed.length + added + removed === 0) return null;
  return { about, changed, added, removed };
}
