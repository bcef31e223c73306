export { diffCatalog, type DiffContext } from './diff-catalog.ts';
export { diffTableRows } from './diff-rows.ts';
