import { applyEdit, type Edit, type NotebookDocument } from './document.ts';

const DEPTH = 300;
/** Typing without a longer pause is one step. */
const PAUSE_MS = 1200;

interface Step {
  readonly inverse: Edit;
  /** Which text was typed into; null for all that is a step of its own. */
  readonly typing: string | null;
  at: number;
}

/** What was done to a document, and how to take it back and do it again. */
export class UndoStack {
  #done: Step[] = [];
  #undone: Edit[] = [];
  readonly #now: () => number;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  get canUndo(): boolean {
    return this.#done.length > 0;
  }

  get canRedo(): boolean {
    return this.#undone.length > 0;
  }

  /** Remembers an edit by what takes it back. */
  push(edit: Edit, inverse: Edit): void {
    this.#undone = [];
    const typing = typingOf(edit);
    const last = this.#done.at(-1);
    const at = this.#now();
    if (typing !== null && last?.typing === typing && at - last.at < PAUSE_MS) {
      last.at = at;
      return;
    }
    this.#done.push({ inverse, typing, at });
    if (this.#done.length > DEPTH) this.#done.shift();
  }

  /** Takes back the last step that still changes something. Null where there is none. */
  undo(document: NotebookDocument): NotebookDocument | null {
    for (let step = this.#done.pop(); step !== undefined; step = this.#done.pop()) {
      const edited = applyEdit(document, step.inverse);
      if (edited.inverse === null) continue;
      this.#undone.push(edited.inverse);
      return edited.document;
    }
    return null;
  }

  redo(document: NotebookDocument): NotebookDocument | null {
    for (let edit = this.#undone.pop(); edit !== undefined; edit = this.#undone.pop()) {
      const edited = applyEdit(document, edit);
      if (edited.inverse === null) continue;
      this.#done.push({ inverse: edited.inverse, typing: null, at: this.#now() });
      return edited.document;
    }
    return null;
  }

  /** Leaves out a step that was taken back by itself. */
  forget(inverse: Edit): void {
    this.#done = this.#done.filter((step) => step.inverse !== inverse);
  }

  clear(): void {
    this.#done = [];
    this.#undone = [];
  }
}

function typingOf(edit: Edit): string | null {
  if (edit.type === 'source') return `source ${edit.id}`;
  if (edit.type === 'title') return 'title';
  return edit.type === 'replace' ? `cell ${edit.cell.id}` : null;
}
