import type { Notebook, NotebookSummary } from '#shared/contract/notebooks.ts';

/** Where notebooks are kept. `save` is a compare-and-swap on the version. */
export interface NotebookStore {
  /** Last changed first. */
  list(): Promise<readonly NotebookSummary[]>;
  get(id: string): Promise<Notebook | null>;
  /** Null where the id is taken. */
  insert(notebook: Pick<Notebook, 'id' | 'title' | 'cells'>): Promise<Notebook | null>;
  /** Null where the notebook is gone or no longer at `version`. */
  save(notebook: Pick<Notebook, 'id' | 'title' | 'cells' | 'version'>): Promise<Notebook | null>;
  delete(id: string): Promise<boolean>;
}
