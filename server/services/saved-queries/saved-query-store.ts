import type { CreateSavedQuery, SavedQuery } from '#shared/contract/saved-queries.ts';

/** Where saved queries are kept. `save` is a compare-and-swap on the version. */
export interface SavedQueryStore {
  /** By name. */
  list(): Promise<readonly SavedQuery[]>;
  get(id: string): Promise<SavedQuery | null>;
  insert(query: CreateSavedQuery & Pick<SavedQuery, 'id' | 'owner'>): Promise<SavedQuery>;
  /** Null where it is gone or no longer at `version`. */
  save(query: CreateSavedQuery & Pick<SavedQuery, 'id' | 'version'>): Promise<SavedQuery | null>;
  delete(id: string): Promise<boolean>;
}
