export {
  assertReadsOthers,
  circleError,
  findCircle,
  nameAsWritten,
  type ViewReading,
} from './find-circle.ts';
export { listTablesAndViews } from './list-tables-and-views.ts';
export { describeViewVersion, openView } from './open-view.ts';
export { DIALECT, ICEBERG_VIEW, metadataLocationIn, viewContent } from './view-content.ts';
export { readViewMetadata, writeViewMetadata } from './view-files.ts';
