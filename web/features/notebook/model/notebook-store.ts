import type { Notebook } from '#shared/contract/notebooks.ts';
import { applyEdit, type Edit, type NotebookDocument } from './document.ts';
import type { Drafts } from './drafts.ts';
import { RunStore, type NotebookSession } from './run-store.ts';
import { SaveQueue, type SaveState } from './save-queue.ts';

interface NotebookStoreOptions {
  readonly notebook: Notebook;
  readonly drafts: Drafts;
  readonly session: NotebookSession;
  /** Resolves to the new version. */
  readonly save: (document: NotebookDocument, version: number) => Promise<number>;
}

const UNDO_DEPTH = 100;

/** One open notebook: its document, how to undo, how far it is saved, and what its cells came to. */
export class NotebookStore {
  readonly id: string;
  readonly runs: RunStore;
  readonly #drafts: Drafts;
  readonly #queue: SaveQueue;
  readonly #listeners = new Set<() => void>();
  readonly #undo: Edit[] = [];
  #document: NotebookDocument;
  #saveState: SaveState;

  constructor({ notebook, drafts, session, save }: NotebookStoreOptions) {
    this.id = notebook.id;
    this.#drafts = drafts;
    this.runs = new RunStore(session);
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
    this.#undo.push(inverse);
    if (this.#undo.length > UNDO_DEPTH) this.#undo.shift();
    return () => {
      const at = this.#undo.indexOf(inverse);
      if (at >= 0) this.#undo.splice(at, 1);
      const { document: before } = applyEdit(this.#document, inverse);
      if (before !== this.#document) this.#set(before);
    };
  }

  /** Takes back the last change of structure (insert, remove, move, kind, ref). Text is the editor's to undo. */
  undo(): void {
    // An inverse may have been done by hand since; the next one that changes something counts.
    for (let edit = this.#undo.pop(); edit !== undefined; edit = this.#undo.pop()) {
      const { document } = applyEdit(this.#document, edit);
      if (document !== this.#document) return this.#set(document);
    }
  }

  /** Takes what the server has now, unless there is something here that it does not have. */
  adopt(notebook: Notebook): void {
    if (this.#saveState.kind !== 'saved' || notebook.version <= this.#queue.version) return;
    this.#queue.rebase(notebook.version);
    this.#undo.length = 0;
    this.#document = contentOf(notebook);
    this.#changed();
  }

  flush(): Promise<void> {
    return this.#queue.flush();
  }

  /** Ends it; `discard` also forgets what was not saved. */
  close({ discard }: { discard: boolean }): void {
    this.#queue.stop();
    this.runs.cancelAll();
    if (discard) this.#drafts.remove(this.id);
  }

  #set(document: NotebookDocument): void {
    this.#document = document;
    this.#queue.push(document);
    this.#changed();
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}

function contentOf({ title, cells }: NotebookDocument): NotebookDocument {
  return { title, cells };
}
