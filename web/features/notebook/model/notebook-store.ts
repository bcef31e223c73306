import type { Notebook } from '#shared/contract/notebooks.ts';
import { cellSql } from '#shared/notebook/cell-sql.ts';
import { renameCell } from '#shared/notebook/rename.ts';
import { CellRelations, type RelationPorts } from './cell-relations.ts';
import { applyEdit, type Edit, type NotebookDocument } from './document.ts';
import type { Drafts } from './drafts.ts';
import type { NotebookSession } from './prepared-run.ts';
import { RunStore, type RunPart, type RunTarget } from './run-store.ts';
import { SaveQueue, type SaveState } from './save-queue.ts';
import { UndoStack } from './undo-stack.ts';

interface NotebookStoreOptions {
  readonly notebook: Notebook;
  readonly drafts: Drafts;
  readonly session: NotebookSession;
  readonly relations: RelationPorts;
  /** Resolves to the new version. */
  readonly save: (document: NotebookDocument, version: number) => Promise<number>;
}

/** One open notebook: its document, how to undo, how far it is saved, and what its cells came to. */
export class NotebookStore {
  readonly id: string;
  readonly runs: RunStore;
  readonly relations: CellRelations;
  readonly #drafts: Drafts;
  readonly #queue: SaveQueue;
  readonly #listeners = new Set<() => void>();
  readonly #undo = new UndoStack();
  readonly #unsubscribe: () => void;
  #document: NotebookDocument;
  #saveState: SaveState;

  constructor({ notebook, drafts, session, save, relations }: NotebookStoreOptions) {
    this.id = notebook.id;
    this.#drafts = drafts;
    this.relations = new CellRelations(relations);
    this.runs = new RunStore(session, this.relations, (id) => this.nameOf(id));
    this.#unsubscribe = relations.outliner.subscribe(() => this.#changed());
    const draft = drafts.read(notebook.id);
    this.#document = draft === null ? contentOf(notebook) : contentOf(draft);
    this.#queue = new SaveQueue(notebook.version, {
      id: notebook.id,
      save,
      drafts,
      onState: (state) => {
        this.#saveState = state;
        this.#changed();
      },
      conflicted: draft !== null && draft.version !== notebook.version,
    });
    this.#saveState = this.#queue.state;
    if (draft !== null) this.#queue.push(this.#document);
    this.relations.update(this.#document.cells);
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly document = (): NotebookDocument => this.#document;

  readonly saveState = (): SaveState => this.#saveState;

  /** Returns what takes just this edit back, as long as that still changes something. */
  edit(edit: Edit): () => void {
    const { document, inverse } = applyEdit(this.#document, edit);
    if (document === this.#document) return () => undefined;
    this.#set(document);
    if (inverse === null) return () => undefined;
    this.#undo.push(edit, inverse);
    return () => {
      this.#undo.forget(inverse);
      const { document: before } = applyEdit(this.#document, inverse);
      if (before !== this.#document) this.#set(before);
    };
  }

  get canUndo(): boolean {
    return this.#undo.canUndo;
  }

  get canRedo(): boolean {
    return this.#undo.canRedo;
  }

  /** Takes back the last step, of text or of cells. */
  undo(): void {
    const document = this.#undo.undo(this.#document);
    if (document !== null) this.#set(document);
  }

  redo(): void {
    const document = this.#undo.redo(this.#document);
    if (document !== null) this.#set(document);
  }

  /** Gives a cell another name, and its uses with it. */
  async rename(id: string, name: string): Promise<void> {
    await this.relations.settled();
    const { cells } = this.#document;
    const renamed = renameCell(cells, id, name, this.relations.outliner.outlineOf);
    this.edit({ type: 'content', document: { ...this.#document, cells: renamed } });
  }

  /** How people call a cell. */
  nameOf(id: string): string {
    const index = this.#document.cells.findIndex((cell) => cell.id === id);
    const cell = this.#document.cells[index];
    const name = cell?.kind === 'sql' || cell?.kind === 'input' ? cell.name : undefined;
    return name ?? String(index + 1);
  }

  /** What running a cell at the notebook's ref means; null where there is nothing to run. */
  target(id: string, notebookRef: string, part?: RunPart): RunTarget | null {
    const cell = this.#document.cells.find((each) => each.id === id);
    const sql = cell === undefined ? null : cellSql(cell);
    if (cell === undefined || sql === null) return null;
    const ref = (cell.kind === 'sql' ? cell.ref : undefined) ?? notebookRef;
    return { id, sql, ref, notebookRef, ...(part === undefined ? {} : { part }) };
  }

  /** Whether what a cell shows was made from something else than what is here now. */
  isStale(id: string, notebookRef: string): boolean {
    const run = this.runs.get(id);
    return run?.kind === 'done' && run.signature !== this.relations.signature(id, notebookRef);
  }

  /** Takes what the server has now, unless there is something here that it does not have. */
  adopt(notebook: Notebook): void {
    if (this.#saveState.kind !== 'saved' || notebook.version <= this.#queue.version) return;
    this.#queue.rebase(notebook.version);
    this.#undo.clear();
    this.#document = contentOf(notebook);
    this.relations.update(this.#document.cells);
    this.#changed();
  }

  flush(): Promise<void> {
    return this.#queue.flush();
  }

  /** Ends it; `discard` also forgets what was not saved. */
  close({ discard }: { discard: boolean }): void {
    this.#queue.stop();
    this.#unsubscribe();
    this.runs.cancelAll();
    if (discard) this.#drafts.remove(this.id);
  }

  #set(document: NotebookDocument): void {
    this.#document = document;
    this.relations.update(document.cells);
    this.#queue.push(document);
    this.#changed();
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}

function contentOf({ title, cells, folder, mode }: NotebookDocument): NotebookDocument {
  return {
    title,
    cells,
    ...(folder === undefined ? {} : { folder }),
    ...(mode === undefined ? {} : { mode }),
  };
}
