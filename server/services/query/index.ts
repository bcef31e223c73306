export { planQuery } from './plan-query.ts';
export type { QueryContext } from './plan-select.ts';
export { tableResolver } from './resolve-table.ts';
export { JSON_ROW_LIMIT, queryArrow, queryJson } from './run-query.ts';
