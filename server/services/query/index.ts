export { checkQuery } from './check-query.ts';
export { listFunctions } from './list-functions.ts';
export { planQuery } from './plan-query.ts';
export type { QueryContext } from './plan-select.ts';
export { tableResolver } from './resolve-table.ts';
export { JSON_ROW_LIMIT, planExecution, queryArrow, queryJson } from './run-query.ts';
export {
  refreshStateOf,
  refreshSummary,
  sameSource,
  sourceState,
  staleness,
  VIEW_SQL,
  type SourceState,
} from './materialized-view.ts';
