import type { RowChangeKind } from '#shared/contract/diff.ts';
import type { ChangedAs } from './diff-lines.ts';

/** Which of the rows that differ are looked at, and how. */
export interface RowView {
  readonly kind: RowChangeKind | 'all';
  /** Rows alone that changed in this column. */
  readonly changedIn: string | undefined;
  readonly text: string;
  readonly changedAs: ChangedAs;
  /** Columns in which nothing changed are left out. */
  readonly changedOnly: boolean;
}

export const EVERY_ROW: RowView = {
  kind: 'all',
  changedIn: undefined,
  text: '',
  changedAs: 'one-line',
  changedOnly: false,
};

/** As the API takes it. */
export interface RowFilter {
  readonly kinds?: RowChangeKind[];
  readonly changedIn?: string;
  readonly text?: string;
}

export function filterOf({ kind, changedIn, text }: RowView): RowFilter {
  const said = text.trim();
  return {
    ...(kind === 'all' ? {} : { kinds: [kind] }),
    ...(changedIn === undefined ? {} : { changedIn }),
    ...(said === '' ? {} : { text: said }),
  };
}

export function isFiltered(view: RowView): boolean {
  return Object.keys(filterOf(view)).length > 0;
}
