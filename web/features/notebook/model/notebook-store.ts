import type { Cell, Notebook } from '#shared/contract/notebooks.ts';
import type { ResultColumn } from '#shared/contract/plan.ts';
import { cellSql } from '#shared/notebook/cell-sql.ts';
import { compareNotebooks } from '#shared/notebook/compare.ts';
import {
  decideDoubled,
  doubledCells,
  isVersionOf,
  type DoubledCell,
} from '#shared/notebook/doubled-cells.ts';
import { mergeNotebooks } from '#shared/notebook/merge.ts';
import { givenName } from '#shared/notebook/named-cells.ts';
import { relationSql } from '#shared/notebook/relation-sql.ts';
import { renameCell } from '#shared/notebook/rename.ts';
import { lastStatementInPlace } from '#shared/sql/statements.ts';
import { isWriteStatement } from '#shared/sql/write-statements.ts';
import { CellRelations, type RelationPorts } from './cell-relations.ts';
import { applyEdit, type Edit, type NotebookDocument } from './document.ts';
import { NOT_MADE, type Drafts } from './drafts.ts';
import { InferredColumns } from './inferred-columns.ts';
import type { NotebookSession } from './prepared-run.ts';
import type { EndedRun } from './run-record.ts';
import { RunStore, type RunPart, type RunTarget } from './run-store.ts';
import { SaveQueue, type SaveState } from './save-queue.ts';
import { UndoStack } from './undo-stack.ts';

/** What is asked of the server about the SQL of cells. */
export interface CellPorts extends RelationPorts {
  /** The columns that a query would give; throws what is wrong with it. */
  readonly check: (sql: string, ref: string, signal: AbortSignal) => Promise<readonly ResultColumn[]>;
}

interface NotebookStoreOptions {
  readonly notebook: Notebook;
  readonly drafts: Drafts;
  readonly session: NotebookSession;
  readonly relations: CellPorts;
  /** Resolves to the new version. */
  readonly save: (document: NotebookDocument, version: number, keepBefore: boolean) => Promise<number>;
  /** What the server has now. */
  readonly load: () => Promise<Notebook>;
  /** Hears of every run of a cell. */
  readonly onRun?: (ended: EndedRun) => void;
  /** Hears of cells whose answers are dropped. */
  readonly onForget?: (id: string) => void;
}

/** What came in from elsewhere while this was edited here, beside cells that stand twice now. */
export interface Merged {
  /** Cells that are not as they were here, or that are new. */
  readonly changed: readonly string[];
  /** How many were here and are gone. */
  readonly removed: number;
}

/** One open notebook: its document, how to undo, how far it is saved, and what its cells came to. */
export class NotebookStore {
  readonly id: string;
  readonly runs: RunStore;
  readonly relations: CellRelations;
  /** Of cells that did not run. */
  readonly columns: InferredColumns;
  readonly #drafts: Drafts;
  readonly #queue: SaveQueue;
  readonly #listeners = new Set<() => void>();
  readonly #undo = new UndoStack();
  readonly #unsubscribe: () => void;
  readonly #load: () => Promise<Notebook>;
  #document: NotebookDocument;
  /** What the server had when the edits began that it does not have yet. */
  #base: NotebookDocument;
  #merged: Merged | null = null;
  /** Of cells that stand twice, by the id of the second: which was written here, as far as that is known. */
  readonly #mine = new Map<string, 'first' | 'second'>();
  /** Somebody wrote here at this visit. */
  #edited = false;
  /** What was here when a cell last ran: once saved it is worth a version, which the next save leaves as it is. */
  #ran: NotebookDocument | null = null;
  #saveState: SaveState;

  constructor({ notebook, drafts, session, save, load, relations, ...on }: NotebookStoreOptions) {
    this.id = notebook.id;
    this.#drafts = drafts;
    this.relations = new CellRelations(relations);
    const onRun = (ended: EndedRun) => {
      this.#ran = this.#document;
      void this.#queue.flush();
      on.onRun?.(ended);
    };
    this.runs = new RunStore(session, this.relations, (id) => this.nameOf(id), onRun, on.onForget);
    this.columns = new InferredColumns({
      keyOf: (id, ref) => this.relations.relationSignature(id, ref),
      ask: (id, ref, signal) => this.#columnsOf(id, ref, relations.check, signal),
    });
    this.columns.subscribe(() => this.#changed());
    this.#unsubscribe = relations.outliner.subscribe(() => this.#changed());
    const draft = drafts.read(notebook.id);
    this.#load = load;
    this.#base = contentOf(notebook);
    this.#document = draft === null ? this.#base : contentOf(draft);
    // Written when the server had something else: both count.
    if (draft !== null && draft.version !== notebook.version)
      this.#document = this.#mergedWith(this.#base, draft.base ?? { title: '', cells: [] });
    this.#queue = new SaveQueue(notebook.version, {
      id: notebook.id,
      save: async (document, version) => {
        const saved = await save(document, version, this.#ran === this.#base);
        this.#base = document;
        return saved;
      },
      drafts,
      baseOf: () => this.#base,
      onState: (state) => {
        this.#saveState = state;
        this.#changed();
        if (state.kind === 'conflict') void this.reconcile();
      },
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

  /** Of the server's that this rests on. */
  get version(): number {
    return this.#queue.version;
  }

  readonly saveState = (): SaveState => this.#saveState;

  /** Returns what takes just this edit back, as long as that still changes something. */
  edit(edit: Edit): () => void {
    const { document, inverse } = applyEdit(this.#document, edit);
    if (document === this.#document) return () => undefined;
    this.#edited = true;
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
    return givenName(this.#document.cells[index]) ?? String(index + 1);
  }

  /** What running a cell at the notebook's ref means; null where there is nothing to run. */
  target(id: string, notebookRef: string, part?: RunPart): RunTarget | null {
    const cell = this.#document.cells.find((each) => each.id === id);
    const sql = cell === undefined ? null : cellSql(cell);
    if (cell === undefined || sql === null) return null;
    const ref = refOf(cell, notebookRef);
    return { id, kind: cell.kind, sql, ref, notebookRef, ...(part === undefined ? {} : { part }) };
  }

  /** Whether what a cell shows was made from something else than what is here now. */
  isStale(id: string, notebookRef: string): boolean {
    const run = this.runs.get(id);
    if (run?.kind !== 'done') return false;
    // Of an earlier visit it is said that it is; whether cells have changed since is known a moment later,
    // and where it can't be known because the server is away, what names other cells counts as changed.
    if (run.kept !== undefined && this.relations.pending) return false;
    return run.signature !== this.relations.signature(id, notebookRef);
  }

  /**
   * Takes what the server has now, unless there is something here that it does not have. What others did is told to
   * whoever wrote here too: it may be in place of that, or beside it.
   */
  adopt(notebook: Notebook, { byOthers = false } = {}): void {
    if (this.#saveState.kind !== 'saved' || notebook.version <= this.#queue.version) return;
    const before = this.#document;
    this.#queue.rebase(notebook.version);
    this.#base = contentOf(notebook);
    this.#undo.clear();
    this.#document = this.#base;
    this.relations.update(this.#document.cells);
    if (byOthers && this.#edited) this.#tell(before);
    this.#changed();
  }

  /**
   * Takes what the server has after it restored a version: one step to undo, whose way back this returns.
   *
   * @param notebook as it was saved over what is here
   */
  takeRestored(notebook: Notebook): () => void {
    this.#queue.rebase(notebook.version);
    this.#base = contentOf(notebook);
    const edit: Edit = { type: 'content', document: this.#base };
    const { document, inverse } = applyEdit(this.#document, edit);
    if (inverse !== null) this.#undo.push(edit, inverse);
    this.#document = document;
    this.relations.update(document.cells);
    this.#changed();
    return () => this.undo();
  }

  /** Notes what is not as it was here, beside what was noted before and not dismissed. */
  #tell(before: NotebookDocument): void {
    const { changed: now, removed: gone } = changesOf(before, this.#document);
    const isDoubled = this.#noteDoubled(before, this.#document);
    const { changed, removed } = this.#merged ?? { changed: [], removed: 0 };
    if (now.length + gone > 0 || isDoubled)
      this.#merged = { changed: [...new Set([...changed, ...now])], removed: removed + gone };
    else if (this.#isTold(this.#document.cells)) this.#merged = null;
  }

  /** Notes which of each two versions that came to stand here was written here. False where none came. */
  #noteDoubled(before: NotebookDocument, after: NotebookDocument): boolean {
    const known = new Set(doubledCells(before.cells).map(({ second }) => second));
    const came = doubledCells(after.cells).filter(({ second }) => !known.has(second));
    for (const { first, second } of came) {
      const own = before.cells.find(({ id }) => id === first);
      const versionOf = (id: string) => after.cells.find((cell) => cell.id === id);
      if (isVersionOf(versionOf(second), own)) this.#mine.set(second, 'second');
      else if (isVersionOf(versionOf(first), own)) this.#mine.set(second, 'first');
    }
    return came.length > 0;
  }

  /** What was merged into this since it was last said so. */
  readonly merged = (): Merged | null => this.#merged;

  /** Which version of a cell that stands twice was written here; null where that is not known, as after a reload. */
  readonly mineOf = ({ second }: DoubledCell): 'first' | 'second' | null => this.#mine.get(second) ?? null;

  /** Of a cell that stands twice, keeps one or both. One step to undo; whoever else has the notebook gets it with the save. */
  decide(pair: DoubledCell, keep: 'first' | 'second' | 'both'): void {
    const cells = decideDoubled(this.#document.cells, pair, keep);
    if (this.#isTold(cells)) this.#merged = null;
    this.edit({ type: 'content', document: { ...this.#document, cells } });
  }

  /** Whether nothing is left to be said of what came in, once the cells are these. */
  #isTold(cells: readonly Cell[]): boolean {
    const { changed, removed } = this.#merged ?? { changed: [], removed: 0 };
    return doubledCells(cells).length + changed.length + removed === 0;
  }

  dismissMerged(): void {
    this.#merged = null;
    this.#changed();
  }

  /** After somebody else saved: takes what they did, with what was done here, and goes on saving. */
  async reconcile(): Promise<void> {
    let theirs: Notebook;
    try {
      theirs = await this.#load();
    } catch {
      // The banner stays, which says what can be done by hand.
      return;
    }
    if (this.#saveState.kind !== 'conflict') return;
    const content = contentOf(theirs);
    const document = this.#mergedWith(content, this.#base);
    this.#base = content;
    this.#undo.clear();
    this.#queue.resolve(theirs.version);
    this.#set(document);
  }

  /** Of the query that a cell is to others: its last statement, with the cells that it reads. */
  async #columnsOf(
    id: string,
    notebookRef: string,
    check: CellPorts['check'],
    signal: AbortSignal,
  ): Promise<readonly ResultColumn[]> {
    const cell = this.#document.cells.find((each) => each.id === id);
    const sql = lastStatementInPlace(cell === undefined ? '' : (relationSql(cell) ?? ''));
    if (cell === undefined || sql === '' || isWriteStatement(sql)) return [];
    if (!this.relations.needsCells(sql)) return check(sql, refOf(cell, notebookRef), signal);
    const composed = await this.relations.compose(id, sql, notebookRef, signal);
    return check(composed.sql, composed.ref, signal);
  }

  #mergedWith(theirs: NotebookDocument, base: NotebookDocument): NotebookDocument {
    const { content } = mergeNotebooks(base, this.#document, theirs, () => crypto.randomUUID());
    this.#noteDoubled(this.#document, content);
    this.#merged = changesOf(this.#document, content);
    return content;
  }

  flush(): Promise<void> {
    return this.#queue.flush();
  }

  /** After it was deleted elsewhere: saves what is here as a new one under the same id. */
  makeAgain(): Promise<void> {
    this.#queue.rebase(NOT_MADE);
    this.#queue.push(this.#document);
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

/** What of a notebook is not as it was, but for cells that stand twice: these are told by themselves. */
function changesOf(before: NotebookDocument, after: NotebookDocument): Merged {
  const twice = new Set([
    ...doubledCells(after.cells).flatMap(({ first, second }) => [first, second]),
    ...doubledCells(before.cells).map(({ second }) => second),
  ]);
  const changes = compareNotebooks({ cells: [...before.cells] }, after).filter(
    ({ cell }) => !twice.has(cell.id),
  );
  const changed = changes.filter(({ kind }) => kind !== 'removed').map(({ cell }) => cell.id);
  return { changed, removed: changes.length - changed.length };
}

/** Where a cell reads. */
function refOf(cell: Cell, notebookRef: string): string {
  return (cell.kind === 'sql' ? cell.ref : undefined) ?? notebookRef;
}

function contentOf({ title, cells, folder, mode }: NotebookDocument): NotebookDocument {
  return {
    title,
    cells,
    ...(folder === undefined ? {} : { folder }),
    ...(mode === undefined ? {} : { mode }),
  };
}
