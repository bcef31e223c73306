export type { NotebookHistoryStore, NotebookStore } from './notebook-store.ts';
export { createNotebook, deleteNotebook, getNotebook, listNotebooks, saveNotebook } from './notebooks.ts';
export { composeCell, outlineStatements } from './relations.ts';
export {
  getRevision,
  listRevisions,
  nameRevision,
  restoreRevision,
  type HistoryContext,
} from './revisions.ts';
export {
  getNotebookRun,
  listAllRuns,
  listNotebookRuns,
  runNotebook,
  type NotebookRunContext,
} from './run-notebook.ts';
export { getSchedule, listSchedules, runDueNotebooks, setSchedule } from './schedule.ts';
