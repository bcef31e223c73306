import type { Schema } from '#shared/iceberg/schema.ts';
import type { ResolvedTable } from '../plan/scan-source.ts';
import type { StoredView, ViewSource } from './stored-view.ts';

/** The schema that a query reads a table with. */
export type SnapshotSchema = (table: ResolvedTable) => Schema;

/** Whether a query reads the table as a view's rows were made of it. */
export function isAsRead(source: ViewSource, table: ResolvedTable, schema: Schema): boolean {
  const snapshotId = table.snapshotId ?? table.metadata.currentSnapshotId;
  return (
    source.uuid === table.metadata.tableUuid &&
    source.name.toLowerCase() === table.name.toLowerCase() &&
    source.snapshotId === snapshotId?.toString() &&
    source.schemaId === schema.schemaId
  );
}

/** The source of a view that is this table, whatever it was then. */
export function sourceOf({ sources }: StoredView, table: ResolvedTable): ViewSource | undefined {
  return sources.find(({ uuid }) => uuid === table.metadata.tableUuid);
}
