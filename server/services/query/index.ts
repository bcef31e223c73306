export { planQuery, type QueryContext } from './plan-query.ts';
export { tableResolver } from './resolve-table.ts';
export { JSON_ROW_LIMIT, queryArrow, queryJson } from './run-query.ts';
