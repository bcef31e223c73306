export type { MaintenanceContext } from './context.ts';
export { optimizeTable } from './optimize-table.ts';
export { CLUSTERING_PROPERTY } from './row-order.ts';
