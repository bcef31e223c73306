export { queryStatement } from './query-statement.ts';
export { runStatement } from './run-statement.ts';
export type { StatementContext } from './statement-context.ts';
