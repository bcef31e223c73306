import type { Cell } from '#shared/contract/notebooks.ts';
import type { CompletionTable } from '../language/language-facts.ts';
import type { NotebookStore } from '../model/notebook-store.ts';
import type { CellRun } from '../model/run-store.ts';
import type { NotebookEditor } from '../model/use-notebook-editor.ts';
import type { CellSlots } from './cell-slots.ts';

/** What cells get that ask or show something. */
export interface ShownCellProps<C extends Cell> {
  readonly cell: C;
  /** "cell 3", for accessible names. */
  readonly name: string;
  readonly store: NotebookStore;
  readonly editor: NotebookEditor;
  readonly tables: readonly CompletionTable[];
  readonly notebookRef: string;
  readonly slots: CellSlots;
  readonly run: CellRun | undefined;
  /** What it shows was made from something else than what is here now. */
  readonly stale: boolean;
  readonly editing: boolean;
}
