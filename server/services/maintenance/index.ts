export type { MaintenanceContext } from './context.ts';
export { optimizeTable } from './optimize-table.ts';
export { deleteAll, findOrphans, removeOrphans } from './remove-orphans.ts';
export { rewriteTableDeletes } from './rewrite-table-deletes.ts';
export { rewriteTableManifests } from './rewrite-table-manifests.ts';
export { vacuumTable } from './vacuum-table.ts';
