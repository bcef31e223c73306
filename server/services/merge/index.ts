export { createTableMerger } from './table-merger.ts';
