export { listFunctions } from './list-functions.ts';
export { planQuery } from './plan-query.ts';
export type { QueryContext } from './plan-select.ts';
export { tableResolver } from './resolve-table.ts';
export { JSON_ROW_LIMIT, planExecution, queryArrow, queryJson } from './run-query.ts';
