import type { RewriteEngine } from '#server/engine/rewrite/rewrite-session.ts';
import type { QueryContext } from '../query/index.ts';
import type { WriteContext } from '../tables/index.ts';

/** What maintenance needs beside the ports. */
export interface MaintenanceContext
  extends Omit<WriteContext, 'manifests'>, Pick<QueryContext, 'opener' | 'deletedRows' | 'manifests'> {
  readonly rewriter: RewriteEngine;
}
