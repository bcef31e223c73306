import type { NotebookSummary } from '#shared/contract/notebooks.ts';
import { withWords } from '#web/lib/words.ts';

export const NOTEBOOK_ORDERS = ['changed', 'name', 'folder', 'cells'] as const;
export type NotebookOrder = (typeof NOTEBOOK_ORDERS)[number];

/** The notebooks that have each of the words in title, folder, author or beginning, as they are to be listed. */
export function orderedNotebooks(
  notebooks: readonly NotebookSummary[],
  wanted: string,
  order: NotebookOrder,
): NotebookSummary[] {
  const isWanted = withWords(wanted);
  const text = ({ title, folder = '', excerpt = '', updatedBy = '' }: NotebookSummary) =>
    `${folder}/${title} ${updatedBy} ${excerpt}`;
  const newest = (a: NotebookSummary, b: NotebookSummary) => b.updatedAt.localeCompare(a.updatedAt);
  const byTitle = (a: NotebookSummary, b: NotebookSummary) =>
    a.title.localeCompare(b.title, undefined, { numeric: true });
  const compare: Record<NotebookOrder, (a: NotebookSummary, b: NotebookSummary) => number> = {
    changed: newest,
    name: byTitle,
    // Those in no folder come last: whoever asks for folders looks for one.
    folder: (a, b) =>
      Number(a.folder === undefined) - Number(b.folder === undefined) ||
      (a.folder ?? '').localeCompare(b.folder ?? '') ||
      byTitle(a, b),
    cells: (a, b) => (b.cells ?? 0) - (a.cells ?? 0),
  };
  return notebooks
    .filter((each) => isWanted(text(each)))
    .sort((a, b) => compare[order](a, b) || newest(a, b));
}

/** How a notebook begins, in one line without Markdown's marks. */
export function beginning(excerpt: string): string {
  return excerpt
    .replaceAll(/^#+\s+|\*\*|`/gm, '')
    .replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

/** Ids of notebooks that share their title with another of their folder. */
export function sameNamed(notebooks: readonly NotebookSummary[]): ReadonlySet<string> {
  const groups = new Map<string, string[]>();
  for (const { id, title, folder = '' } of notebooks) {
    const key = `${folder}/${title.trim().toLowerCase()}`;
    groups.set(key, [...(groups.get(key) ?? []), id]);
  }
  return new Set([...groups.values()].filter((ids) => ids.length > 1).flat());
}
