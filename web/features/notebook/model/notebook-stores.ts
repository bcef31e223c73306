import { createContext, use } from 'react';
import { AppError } from '#shared/errors/app-error.ts';
import type { RecordedRun } from '#shared/contract/query-runs.ts';
import type { Notebook } from '#shared/contract/notebooks.ts';
import type { NotebookDocument } from './document.ts';
import type { Drafts } from './drafts.ts';
import type { RelationPorts } from './cell-relations.ts';
import { NotebookStore } from './notebook-store.ts';
import type { NotebookSession } from './prepared-run.ts';
import { recordOf } from './run-record.ts';

interface NotebookStoresOptions {
  readonly session: NotebookSession;
  readonly drafts: Drafts;
  readonly relations: RelationPorts;
  /** Resolves to the new version. */
  readonly save: (id: string, document: NotebookDocument, version: number) => Promise<number>;
  readonly load: (id: string) => Promise<Notebook>;
  /** Hears of every run of a cell. */
  readonly onRun: (run: RecordedRun) => void;
}

/** The notebooks that are open in this tab: going to another page and back keeps their results. */
export class NotebookStores {
  readonly #options: NotebookStoresOptions;
  readonly #open = new Map<string, NotebookStore>();

  constructor(options: NotebookStoresOptions) {
    this.#options = options;
  }

  /** The store of a notebook as the server has it. */
  open(notebook: Notebook): NotebookStore {
    const { session, drafts, save, load, relations, onRun } = this.#options;
    let store = this.#open.get(notebook.id);
    if (store === undefined) {
      store = new NotebookStore({
        notebook,
        drafts,
        session,
        relations,
        save: (document, version) => save(notebook.id, document, version),
        load: () => load(notebook.id),
        onRun: (ended) => {
          const record = recordOf(ended, notebook.id);
          if (record !== null) onRun(record);
        },
      });
      this.#open.set(notebook.id, store);
    }
    return store;
  }

  /** Looks up what of a notebook this browser keeps, before it is opened. */
  async prepare(id: string): Promise<void> {
    await this.#options.drafts.prepare(id);
  }

  documentOf(id: string): NotebookDocument | null {
    return this.#open.get(id)?.document() ?? null;
  }

  /** Sends everything that waits to be saved. */
  async flush(): Promise<void> {
    await Promise.all([...this.#open.values()].map((store) => store.flush()));
  }

  /** Closes a notebook and forgets what of it was not saved. */
  drop(id: string): void {
    this.#open.get(id)?.close({ discard: true });
    this.#open.delete(id);
  }
}

const Context = createContext<NotebookStores | null>(null);

export const NotebookStoresProvider = Context.Provider;

export function useNotebookStores(): NotebookStores {
  const stores = use(Context);
  if (stores === null) throw new AppError('INTERNAL', 'useNotebookStores is used outside of the app.');
  return stores;
}
