import type { NotebookSummary } from '#shared/contract/notebooks.ts';
import { formatDay, formatInstant } from '#web/lib/format/instants.ts';
import { countOf } from '#web/lib/format/numbers.ts';
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

/**
 * For notebooks that share their title, by their ids, what each has that none of the others has: where it is, how it
 * begins, who changed it last, how many cells it has, or when it was changed.
 *
 * @param within its folder: of a list by folders, notebooks of one folder alone have to be told apart
 */
export function tellApart(
  notebooks: readonly NotebookSummary[],
  { within = false }: { readonly within?: boolean } = {},
): ReadonlyMap<string, string> {
  const groups = new Map<string, NotebookSummary[]>();
  for (const notebook of notebooks) {
    const key = `${within ? (notebook.folder ?? '') : ''}/${notebook.title.trim().toLowerCase()}`;
    groups.set(key, [...(groups.get(key) ?? []), notebook]);
  }
  return new Map(
    [...groups.values()].flatMap((group) => {
      if (group.length < 2) return [];
      const mark = MARKS.find((each) => new Set(group.map(each)).size === group.length) ?? changedAt;
      return group.map((each): [string, string] => [each.id, mark(each)]);
    }),
  );
}

/** Letters of a beginning that tell notebooks apart at a glance. */
const MARK = 60;

/** The clock first: there may be no room for more. */
const changedAt = ({ updatedAt }: NotebookSummary): string =>
  formatInstant(updatedAt).split(', ').toReversed().join(', ');
const MARKS: readonly ((notebook: NotebookSummary) => string)[] = [
  ({ folder }) => folder ?? 'in no folder',
  ({ excerpt = '' }) => (excerpt === '' ? 'nothing in it' : beginning(excerpt).slice(0, MARK)),
  ({ updatedBy }) => updatedBy ?? 'by nobody known',
  ({ cells = 0 }) => countOf(cells, 'cell'),
  ({ updatedAt }) => formatDay(updatedAt),
];
