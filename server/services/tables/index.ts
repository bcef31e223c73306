export { alterTable } from './alter-table.ts';
export { appendRows, type AppendRowsInput, type WriteContext } from './append-rows.ts';
export { cherryPickSnapshot } from './cherry-pick-snapshot.ts';
export { describeCommit } from './change-table.ts';
export { commitTable, discardFiles, namespaceLocation, newTableLocation } from './commit-table.ts';
export { createSnapshotRef } from './create-snapshot-ref.ts';
export { createTable, newTableMetadata } from './create-table.ts';
export { describeChange } from './describe-change.ts';
export { expireTableSnapshots } from './expire-table-snapshots.ts';
export { fastForwardSnapshotRef } from './fast-forward-snapshot-ref.ts';
export { highestTakenFieldId, keepFieldIds, withOwnFieldIds, type FieldIdStore } from './field-ids.ts';
export { contentsInHistory } from './history-contents.ts';
export { listSnapshotRefs } from './list-snapshot-refs.ts';
export { getTable, listTableNames, listTables, tableHistory } from './list-tables.ts';
export {
  findContentAtRef,
  forgetMetadata,
  loadContent,
  loadTableAt,
  loadTableAtRef,
  rememberMetadata,
  type CatalogTable,
  type FoundContent,
} from './load-table.ts';
export {
  ensureNamespace,
  namespaceContent,
  propertiesOfNamespace,
  type NamespaceProperties,
} from './namespace-content.ts';
export { registerTable } from './register-table.ts';
export { isReadOnly, relocationOf } from './registered-table.ts';
export { assertWritable } from './registered-table.ts';
export { removeSnapshotRef } from './remove-snapshot-ref.ts';
export { replaceSnapshotRef } from './replace-snapshot-ref.ts';
export { restoreContent } from './restore-table.ts';
export { rollBackTable } from './roll-back-table.ts';
export { describeColumns } from './table-info.ts';
export { tableFiles } from './table-files.ts';
export { tableTurn } from './table-turn.ts';
export {
  ICEBERG_TABLE,
  isMaterializedView,
  metadataLocationOf,
  NAMESPACE,
  parseTableId,
  tableContent,
  tableId,
  VIEW_SQL,
} from './table-content.ts';
