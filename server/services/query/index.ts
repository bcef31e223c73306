export { BrokenAnswers } from './broken-answers.ts';
export { checkQuery } from './check-query.ts';
export { KeptResults } from './kept-results.ts';
export { listFunctions } from './list-functions.ts';
export { withPivotValues } from './pivot-values.ts';
export { planQuery } from './plan-query.ts';
export type { QueryContext } from './plan-select.ts';
export { tableResolver } from './resolve-table.ts';
export { RunningQueries } from './running-queries.ts';
export type { EngineLoad } from '#server/engine/execute/admission.ts';
export { JSON_ROW_LIMIT, planExecution, queryArrow, queryJson } from './run-query.ts';
export {
  definitionState,
  refreshStateOf,
  refreshSummary,
  sameSource,
  sourceState,
  staleness,
  viewState,
  type SourceState,
} from './materialized-view.ts';
