export type { SavedQueryStore } from './saved-query-store.ts';
export {
  changeSavedQuery,
  deleteSavedQuery,
  getSavedQuery,
  listSavedQueries,
  saveQuery,
  type SavedQueryContext,
} from './saved-queries.ts';
