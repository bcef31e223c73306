import type { RowChangeKind } from '#shared/contract/diff.ts';
import type { RowLook } from '#web/lib/row-look.ts';
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

const EVERY_ROW: RowView = {
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

export function viewOf({ kind, changedIn, text, changedAs, changedOnly }: RowLook = {}): RowView {
  return {
    kind: kind ?? EVERY_ROW.kind,
    changedIn,
    text: text ?? EVERY_ROW.text,
    changedAs: changedAs ?? EVERY_ROW.changedAs,
    changedOnly: changedOnly ?? EVERY_ROW.changedOnly,
  };
}

/** With the rows shown; what is as usual is left out, so that the URL stays short. */
export function lookOf(view: RowView, keys: RowLook['keys']): RowLook {
  return {
    shown: true,
    ...(view.kind === 'all' ? {} : { kind: view.kind }),
    ...(view.changedIn === undefined ? {} : { changedIn: view.changedIn }),
    ...(view.text.trim() === '' ? {} : { text: view.text.trim() }),
    ...(view.changedAs === 'one-line' ? {} : { changedAs: view.changedAs }),
    ...(view.changedOnly ? { changedOnly: true } : {}),
    ...(keys === undefined ? {} : { keys }),
  };
}

/** Every row again, as it is shown now. */
export function withoutFilter(view: RowView): RowView {
  return { ...EVERY_ROW, changedAs: view.changedAs, changedOnly: view.changedOnly };
}
