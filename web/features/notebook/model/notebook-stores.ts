import { createContext, use } from 'react';
import { AppError, isAppError } from '#shared/errors/app-error.ts';
import type { RecordedRun } from '#shared/contract/query-runs.ts';
import type { Notebook, NotebookSummary } from '#shared/contract/notebooks.ts';
import type { NotebookDocument } from './document.ts';
import { NOT_MADE, type Drafts } from './drafts.ts';
import {
  keepOutlines,
  keepResult,
  restoreResults,
  type KeptResult,
  type KeptResults,
} from './kept-results.ts';
import { NotebookStore, type CellPorts } from './notebook-store.ts';
import type { TabLocks } from '#web/lib/tab-locks.ts';
import type { NotebookSession } from './prepared-run.ts';
import { recordOf } from './run-record.ts';

interface NotebookStoresOptions {
  readonly session: NotebookSession;
  readonly drafts: Drafts;
  /** Answers of earlier visits. */
  readonly results: KeptResults;
  readonly relations: CellPorts;
  /** Resolves to the new version. From version NOT_MADE it makes the notebook. */
  readonly save: (
    id: string,
    document: NotebookDocument,
    version: number,
    keepBefore: boolean,
  ) => Promise<number>;
  readonly load: (id: string) => Promise<Notebook>;
  /** Which notebooks tabs of this browser have open. */
  readonly locks: TabLocks;
  /** Hears of every run of a cell. */
  readonly onRun: (run: RecordedRun) => void;
}

/** The notebooks that are open in this tab: going to another page and back keeps their results. */
export class NotebookStores {
  readonly #options: NotebookStoresOptions;
  readonly #open = new Map<string, { readonly store: NotebookStore; readonly release: () => void }>();
  /** Answers of earlier visits, of notebooks that were asked for at this one. */
  readonly #kept = new Map<string, readonly KeptResult[]>();

  constructor(options: NotebookStoresOptions) {
    this.#options = options;
  }

  /** The store of a notebook as the server has it. */
  open(notebook: Notebook): NotebookStore {
    const { session, drafts, save, load, relations, results, onRun, locks } = this.#options;
    const known = this.#open.get(notebook.id);
    if (known !== undefined) return known.store;
    const store: NotebookStore = new NotebookStore({
      notebook,
      drafts,
      session,
      relations,
      save: (document, version, keepBefore) => save(notebook.id, document, version, keepBefore),
      load: () => load(notebook.id),
      onRun: (ended) => {
        // What charts, pivots and choices ask by themselves nobody wrote, and nobody looks for.
        const { kind = 'sql' } = ended.target;
        const record = kind === 'sql' ? recordOf(ended, notebook.id) : null;
        if (record !== null) onRun(record);
        keepResult(results, store, ended);
      },
      onForget: (cell) => results.forget(notebook.id, cell),
    });
    this.#restore(store);
    const release = locks.hold(lockOf(notebook.id));
    const stop = keepOutlines(results, store);
    this.#open.set(notebook.id, {
      store,
      release: () => {
        stop();
        release();
      },
    });
    return store;
  }

  /** Begins a notebook that the server does not know yet; it is saved there like any edit. */
  make(document: NotebookDocument): Notebook {
    const { drafts } = this.#options;
    const id = crypto.randomUUID();
    drafts.write(id, { ...document, version: NOT_MADE, base: document });
    return this.#noted(id, document, NOT_MADE);
  }

  /** Notebooks that are in this browser alone. */
  readonly made = (): readonly NotebookSummary[] => this.#options.drafts.made();

  readonly subscribeMade = (listener: () => void): (() => void) => this.#options.drafts.subscribe(listener);

  /** What a draft says that its notebook was, once `prepare` has looked; null where there is no draft. */
  kept(id: string): Notebook | null {
    const draft = this.#options.drafts.read(id);
    return draft === null ? null : this.#noted(id, draft.base ?? draft, draft.version);
  }

  /** Looks up what of a notebook this browser keeps, before it is opened. */
  async prepare(id: string): Promise<void> {
    if (this.#kept.has(id)) return;
    const { drafts, results, relations } = this.#options;
    const reading = this.#open.has(id) ? null : drafts.prepare(id);
    const [kept, outlines] = await Promise.all([results.read(id), results.outlines(id), reading]);
    relations.outliner.remember(outlines);
    this.#kept.set(id, kept);
    // What was left here unsaved may have been opened meanwhile, to be saved.
    const opened = this.#open.get(id);
    if (opened !== undefined) this.#restore(opened.store);
  }

  #restore(store: NotebookStore): void {
    const kept = this.#kept.get(store.id);
    if (kept === undefined) return;
    restoreResults(store, kept);
    this.#kept.set(store.id, []);
  }

  /** As it stands here, where it is open or has a draft. */
  documentOf(id: string): NotebookDocument | null {
    return this.#open.get(id)?.store.document() ?? this.#options.drafts.read(id);
  }

  /** Sends everything that waits to be saved. */
  async flush(): Promise<void> {
    await Promise.all([...this.#open.values()].map(({ store }) => store.flush()));
  }

  /** Saves also what other visits left here. What another tab has open is that tab's to save. */
  async saveKept(): Promise<void> {
    this.#options.relations.outliner.retry();
    for (const id of await this.#options.drafts.find()) {
      if (this.#open.has(id)) continue;
      await this.#options.locks.whereFree(lockOf(id), () => this.#saveDraft(id));
    }
  }

  async #saveDraft(id: string): Promise<void> {
    const draft = this.#options.drafts.read(id);
    if (draft === null) return;
    try {
      const known = draft.version === NOT_MADE ? this.kept(id) : await this.#options.load(id);
      if (known !== null) await this.open(known).flush();
    } catch (error) {
      if (!isAppError(error, 'NOT_FOUND')) return;
      // Deleted elsewhere, while it was worked on here: what was written counts.
      this.#options.drafts.write(id, { ...draft, version: NOT_MADE });
      const gone = this.kept(id);
      if (gone !== null) await this.open(gone).flush();
    }
  }

  #noted(id: string, { title, cells, folder, mode }: NotebookDocument, version: number): Notebook {
    const more = { ...(folder === undefined ? {} : { folder }), ...(mode === undefined ? {} : { mode }) };
    return { id, title, cells: [...cells], ...more, version, updatedAt: new Date().toISOString() };
  }

  /** Closes a notebook and forgets what of it was not saved. */
  drop(id: string): void {
    const known = this.#open.get(id);
    if (known === undefined) this.#options.drafts.remove(id);
    known?.store.close({ discard: true });
    known?.release();
    this.#open.delete(id);
    this.#kept.delete(id);
    void this.#options.results.drop(id);
  }
}

function lockOf(id: string): string {
  return `timestream.notebook.${id}`;
}

const Context = createContext<NotebookStores | null>(null);

export const NotebookStoresProvider = Context.Provider;

export function useNotebookStores(): NotebookStores {
  const stores = use(Context);
  if (stores === null) throw new AppError('INTERNAL', 'useNotebookStores is used outside of the app.');
  return stores;
}
