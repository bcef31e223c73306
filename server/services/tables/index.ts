export { appendRows, type AppendRowsInput, type WriteContext } from './append-rows.ts';
export { describeChange } from './describe-change.ts';
export { getTable, listTableNames, listTables, tableHistory } from './list-tables.ts';
export { loadTableAt, loadTableAtRef, type CatalogTable } from './load-table.ts';
export { tableFiles } from './table-files.ts';
export { parseTableId, tableId } from './table-content.ts';
