export type { NotebookStore } from './notebook-store.ts';
export { createNotebook, deleteNotebook, getNotebook, listNotebooks, saveNotebook } from './notebooks.ts';
export { composeCell, outlineStatements } from './relations.ts';
